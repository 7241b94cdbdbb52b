import { auditOf, type Files } from '../../fixtures/audited-tree';
import { CODE_RULES } from './code-rules';

jest.setTimeout(240_000);

const view = (imports: string, ...lines: string[]): Files => ({
  'shop/views.py': [imports, 'def view(request, pk):', ...lines.map((line) => `    ${line}`), ''].join('\n'),
});
const MIGRATION = (operations: string): string =>
  `from django.db import migrations, models\nclass Migration(migrations.Migration):\n    operations = [${operations}]\n`;
const BOOK = 'from django.db import models\nclass Book(models.Model):\n    title = models.CharField(max_length=9)\n';
const CREATED = `migrations.CreateModel(name="Book", fields=[("id", models.AutoField(primary_key=True)), ("title", models.CharField())])`;

/** For each rule: code that has it, and code that looks like it. */
const EXAMPLES: Readonly<Record<string, readonly [bad: Files, good: Files]>> = {
  'code/eval': [view('', 'return eval(request.GET["sum"])'), view('', 'return eval("1 + 1", {"n": request.GET["n"]})')],
  'code/unpickle': [
    view('import pickle, base64', 'data = base64.b64decode(request.COOKIES["c"])', 'return pickle.loads(data)'),
    view('import pickle\nfrom django.core.cache import cache', 'return pickle.loads(cache.get(f"view:{pk}"))'),
  ],
  'code/yaml-load': [
    view('import yaml', 'return yaml.load(request.body, yaml.Loader)'),
    view('import yaml', 'return yaml.load(request.body, Loader=yaml.SafeLoader)'),
  ],
  'code/shell': [
    view('import subprocess', 'host = request.POST.get("host")', 'return subprocess.run(f"ping {host}", shell=True)'),
    view('import subprocess', 'return subprocess.run(["ping", request.POST.get("host")])'),
  ],
  'code/sql': [
    view(
      'from django.db import connection',
      'cursor = connection.cursor()',
      'cursor.execute("SELECT 1 WHERE a = \'%s\'" % request.GET["a"])',
    ),
    view(
      'from django.db import connection',
      'cursor = connection.cursor()',
      'cursor.execute("SELECT 1 WHERE a = %s", [request.GET["a"]])',
    ),
  ],
  'code/mark-safe': [
    view('from django.utils.safestring import mark_safe', 'return mark_safe("<b>" + request.GET["q"] + "</b>")'),
    view(
      'from django.utils.safestring import mark_safe\nfrom django.utils.html import escape',
      'return mark_safe("<b>" + escape(request.GET["q"]))',
    ),
  ],
  'code/html-from-request': [
    view('from django.http import HttpResponse', 'return HttpResponse(f"<p>{request.GET[\'q\']}</p>")'),
    view('from django.http import HttpResponse', 'return HttpResponse(f"{request.GET[\'q\']}", content_type="text/plain")'),
  ],
  'code/template-from-request': [
    view('from django.template import Template', 'return Template(request.POST["text"])'),
    view('from django.template import Template', 'return Template("{{ text }}").render({"text": request.POST["text"]})'),
  ],
  'code/open-redirect': [
    view('from django.shortcuts import redirect', 'target = request.GET.get("next") or "/"', 'return redirect(target)'),
    view(
      'from django.shortcuts import redirect',
      'target = request.GET.get("next")',
      'if is_ours(target):',
      '    return redirect(target)',
    ),
  ],
  'code/path-from-request': [
    view('', 'return open("/srv/files/" + request.GET["name"])'),
    view('from django.utils._os import safe_join', 'return open(safe_join("/srv/files", request.GET["name"]))'),
  ],
  'code/request-forgery': [
    view('import requests', 'return requests.get(request.GET["url"], timeout=3)'),
    view('import requests', 'return requests.get("https://api.example/" + request.GET["id"], timeout=3)'),
  ],
  'code/mass-assignment': [
    view('from shop.models import Book', 'return Book.objects.create(**request.data)'),
    view('from shop.models import Book', 'return Book.objects.create(**form.cleaned_data)'),
  ],
  'code/all-user-fields': [
    {
      'shop/api.py':
        'from rest_framework import serializers\nfrom django.contrib.auth.models import User\nclass S(serializers.ModelSerializer):\n    class Meta:\n        model = User\n        fields = "__all__"\n',
    },
    {
      'shop/api.py':
        'from rest_framework import serializers\nfrom django.contrib.auth.models import User\nclass S(serializers.ModelSerializer):\n    class Meta:\n        model = User\n        fields = ["username"]\n',
    },
  ],
  'code/plain-password': [
    view('', 'user = find(pk)', 'user.password = request.POST["password"]', 'user.save()'),
    view(
      'from django.contrib.auth.hashers import make_password',
      'user = find(pk)',
      'user.password = make_password(request.POST["password"])',
    ),
  ],
  'code/password-in-source': [
    view('', 'password = request.POST["password"]', 'return password == "hunter22"'),
    view('', 'password = request.POST["password"]', 'return password == ""'),
  ],
  'code/password-hash': [
    view('import hashlib', 'password = request.POST["password"]', 'return hashlib.md5(password.encode()).hexdigest()'),
    view('import hashlib', 'return hashlib.md5(request.path.encode()).hexdigest()'),
  ],
  'code/weak-random': [
    view('import random', 'reset_token = "".join(random.choice("abc") for _ in range(9))'),
    view('import secrets, random', 'reset_token = secrets.token_hex()', 'colour = random.choice("abc")'),
  ],
  'code/jwt-not-verified': [
    view('import jwt', 'return jwt.decode(request.headers["Authorization"], options={"verify_signature": False})'),
    view('import jwt', 'return jwt.decode(request.headers["Authorization"], KEY, algorithms=["HS256"])'),
  ],
  'code/csrf-exempt': [
    {
      'shop/views.py':
        'from django.views.decorators.csrf import csrf_exempt\nfrom django.contrib.auth.decorators import login_required\n@csrf_exempt\n@login_required\ndef view(request):\n    pass\n',
    },
    {
      'shop/views.py':
        'from django.views.decorators.csrf import csrf_exempt\n@csrf_exempt\ndef webhook(request):\n    check_signature(request)\n    save(request.body)\n',
    },
  ],
  'code/tls-not-verified': [
    view('import requests', 'return requests.get("https://a.example", verify=False, timeout=3)'),
    view('import requests', 'return requests.get("https://a.example", verify="/etc/ca.pem", timeout=3)'),
  ],
  'code/debugger': [view('import pdb', 'pdb.set_trace()'), view('', '# pdb.set_trace()', 'return "pdb.set_trace()"')],
  'code/request-without-timeout': [
    view('import requests', 'return requests.get("https://a.example")'),
    view('import requests', 'return requests.get("https://a.example", **OPTIONS)'),
  ],
  'migrations/none': [{ 'shop/models.py': BOOK }, { 'shop/models.py': BOOK.replace('(models.Model)', '(Base)') }],
  'migrations/model': [
    { 'shop/models.py': `${BOOK}class Author(models.Model):\n    pass\n`, 'shop/migrations/0001_initial.py': MIGRATION(CREATED) },
    {
      'shop/models.py': `${BOOK}class Author(models.Model):\n    class Meta:\n        managed = False\n`,
      'shop/migrations/0001_initial.py': MIGRATION(CREATED),
    },
  ],
  'migrations/field': [
    { 'shop/models.py': `${BOOK}    year = models.IntegerField()\n`, 'shop/migrations/0001_initial.py': MIGRATION(CREATED) },
    {
      'shop/models.py': `${BOOK}    year = models.IntegerField()\n`,
      'shop/migrations/0001_initial.py': MIGRATION(CREATED),
      'shop/migrations/0002_more.py': MIGRATION(
        'migrations.AddField("book", "age", models.IntegerField()), migrations.RenameField("book", "age", "year")',
      ),
    },
  ],
};

/** Real Python, real files. */
describe('rules about code', () => {
  it.each(Object.keys(CODE_RULES))('%s is found where it is, and only there', async (rule) => {
    const [bad, good] = EXAMPLES[rule] ?? [{}, {}];
    const found = (await auditOf(bad)).findings.filter((finding) => finding.rule === rule);
    expect(found).toEqual([expect.objectContaining({ criterion: CODE_RULES[rule]?.criterion, cwe: CODE_RULES[rule]?.cwe })]);
    expect((await auditOf(good)).findings.map((finding) => finding.rule)).not.toContain(rule);
  });

  it('leave tests, migrations and programs beside the project alone', async () => {
    const text = 'import os\ndef view(request):\n    os.system(request.GET["x"])\n';
    const files = {
      'shop/test_views.py': text,
      'shop/migrations/0001_x.py': text,
      'scripts/deploy.py': text,
      '.tools/x.py': text,
    };
    expect((await auditOf(files)).findings).toEqual([]);
  });

  it('tell the line and stay the same finding when lines move', async () => {
    const [bad = {}] = EXAMPLES['code/eval'] ?? [];
    const [one] = (await auditOf(bad)).findings;
    const moved = { 'shop/views.py': `# a comment\n${String((bad as Files)['shop/views.py'])}` };
    const [other] = (await auditOf(moved)).findings;
    expect([one?.line, other?.line]).toEqual([3, 4]);
    expect(other?.fingerprint).toBe(one?.fingerprint);
  });

  it('find a project without tests', async () => {
    const report = await auditOf({ 'shop/tests.py': '# def test_it(): later\n' });
    expect(report.findings).toEqual([expect.objectContaining({ rule: 'tests/none', criterion: 'E3', file: 'manage.py' })]);
  });
});
