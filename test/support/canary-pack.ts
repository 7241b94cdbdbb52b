import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeTinyPacks, type TinyPacks } from './tiny-pack';

/** Words that stand in one hidden place each, and nowhere else. Lower-case letters alone: no encoding of text changes them. */
export const CANARIES = {
  checkId: 'kestrelcheck',
  checkFile: 'kestrelfile',
  comment: 'kestrelcomment',
  path: 'kestrelpath',
  header: 'kestrelheader',
  body: 'kestrelbody',
  user: 'kestreluser',
  credential: 'kestrelcredential',
  expected: 'kestrelexpected',
  reviewer: 'kestrelreviewer',
  figure: 'kestrelfigure',
  place: 'kestrelplace',
  data: 'kestreldata',
  seed: 'kestrelseed',
  solution: 'kestrelsolution',
  broken: 'kestrelbroken',
  hiddenFile: 'kestrelstarter',
  neverTitle: 'kestrelnevertitle',
  neverMessage: 'kestrelnevermessage',
} as const;

/** Those that a grade puts into its report, which staff may read. */
export const REPORTED = [
  'checkId',
  'path',
  'body',
  'user',
  'expected',
  'reviewer',
  'figure',
  'place',
  'neverTitle',
  'neverMessage',
] as const;

/** Titles and messages of the checks that a candidate may read at some time, by what it takes. */
export const SHOWN = {
  always: ['openalwaystitle', 'openalwaysmessage'],
  after_submission: ['opensubmittedtitle', 'opensubmittedmessage'],
  after_decision: ['opendecidedtitle', 'opendecidedmessage'],
} as const;

const VISIBLE_CHECK = `import pytest

@pytest.mark.django_db
def test_what_the_project_says(client):
    client.post("/notes/?own")
    assert False, "what the candidate may see"
`;

/** The tiny pack with canaries in everything that is hidden of it. Its checks fail, err, are skipped and pass. */
export async function makeCanaryPacks(): Promise<TinyPacks> {
  const packs = await makeTinyPacks({ 'test_tiny.py': VISIBLE_CHECK });
  const folder = join(packs.root, 'django', 'tiny-notes');
  const change = async (file: string, of: (text: string) => string): Promise<void> =>
    writeFile(join(folder, file), of(await readFile(join(folder, file), 'utf8')));
  await change('task.yaml', (text) =>
    `${text.slice(0, text.indexOf('users:'))}${USERS_AND_CHECKS}`.replace(
      'hidden: []',
      `hidden: ["notes/${CANARIES.hiddenFile}.py"]`,
    ),
  );
  await rename(join(folder, 'hidden-checks', 'notes.ts'), join(folder, 'hidden-checks', `${CANARIES.checkFile}.ts`));
  await writeFile(join(folder, 'hidden-checks', `${CANARIES.checkFile}.ts`), HIDDEN_CHECKS);
  await change('data/seed.sql', (text) => `${text}INSERT INTO notes_note (owner, text) VALUES ('dora', '${CANARIES.seed}');\n`);
  await change('data/many.sql', (text) => text.replace("'note '", `'${CANARIES.data} '`));
  await change('reference/notes/views.py', (text) => `${text}# ${CANARIES.solution}\n`);
  await change('broken/open-door/notes/views.py', (text) => `${text}# ${CANARIES.broken}\n`);
  await change('broken/open-door/expect.json', () => `{ "failed": [] }\n`);
  await writeFile(join(folder, 'starter', 'notes', `${CANARIES.hiddenFile}.py`), `NAME = "${CANARIES.hiddenFile}"\n`);
  return packs;
}

const check = (id: string, level: number, visibility: string, [title, message]: readonly string[], more = ''): string => `
  - id: b1-${CANARIES.checkId}-${id}
    file: ${CANARIES.checkFile}.ts
    title: ${title}
    criterion: B1
    level: ${level}
    points: 2
    visibility: ${visibility}
    passed: ${message}
    failed: ${message}${more}`;

const NEVER = [CANARIES.neverTitle, CANARIES.neverMessage];

const USERS_AND_CHECKS = `users:
  ${CANARIES.user}: { headers: { X-User: ${CANARIES.credential} } }
checks:${check('fails', 1, 'always', SHOWN.always)}${check('errs', 1, 'after_submission', SHOWN.after_submission)}${check(
  'passes',
  2,
  'after_decision',
  SHOWN.after_decision,
)}${check('never', 3, 'never', NEVER)}${check('skipped', 3, 'after_submission', ['openskippedtitle', 'openskippedmessage'], `\n    needs: [b1-${CANARIES.checkId}-never]`)}
`;

const HIDDEN_CHECKS = `import type { Checks } from '@assay/grader/check-api';

// ${CANARIES.comment}
const REQUEST = {
  as: '${CANARIES.user}',
  headers: { 'X-Probe': '${CANARIES.header}' },
  body: { text: '${CANARIES.body}' },
};

export const checks: Checks = {
  'b1-${CANARIES.checkId}-fails': async ({ http, expect, measure, database }) => {
    await database.load('many.sql');
    const answer = await http.post('/notes/?echo=${CANARIES.path}', REQUEST);
    measure('${CANARIES.figure}', 1);
    expect.at('notes/${CANARIES.place}.py', 3);
    expect.equal(answer.text, '${CANARIES.expected}', '${CANARIES.reviewer}');
  },
  'b1-${CANARIES.checkId}-errs': async ({ http, expect }) => {
    expect.status(await http.post('/crash/?echo=${CANARIES.path}', REQUEST), 201, '${CANARIES.reviewer}');
  },
  'b1-${CANARIES.checkId}-passes': async ({ http, expect }) => {
    expect.status(await http.post('/notes/?echo=${CANARIES.path}', REQUEST), 200, '${CANARIES.reviewer}');
  },
  'b1-${CANARIES.checkId}-never': async ({ http, expect }) => {
    expect.same((await http.put('/notes/?echo=${CANARIES.path}', REQUEST)).json(), ['${CANARIES.expected}'], '${CANARIES.reviewer}');
  },
  'b1-${CANARIES.checkId}-skipped': async ({ expect }) => expect.ok(false, '${CANARIES.reviewer}'),
};
`;

const ECHO = `import json, os, sys, time
from django.http import HttpResponse, JsonResponse
from notes.models import Note

def everything(request):
    rows = list(Note.objects.values_list("owner", "text"))
    return f"{request.method} {request.get_full_path()} {dict(request.headers)} {request.body!r} {rows} {dict(os.environ)}"
`;

const view = (body: string): Readonly<Record<string, string>> => ({
  'site_notes/urls.py': 'from django.urls import re_path\nfrom notes.views import answer\nurlpatterns = [re_path("", answer)]\n',
  'notes/views.py': `${ECHO}\ndef answer(request):\n${body}`,
});

/** Projects that tell their author all they learn, in every way that a project has. */
export const TELLING_PROJECTS = {
  /** Answers and prints what it was asked, and crashes with it where it is told to. */
  echo: view(`    said = everything(request)
    print(said, flush=True)
    print(said, file=sys.stderr, flush=True)
    if request.path.startswith("/crash"):
        raise RuntimeError(said)
    return JsonResponse({"said": said})
`),
  /** Says all and then nothing more, until the time of the run is over. */
  hang: view(`    if request.path == "/":
        return HttpResponse("here")
    print(everything(request), flush=True)
    time.sleep(30)
`),
  /** Prints the rows of the task and dies at the first request. */
  die: view(`    print(everything(request), flush=True)
    os._exit(3)
`),
  /** Raises an exception that quotes the rows while it starts. */
  refuse: {
    'site_notes/wsgi.py': `from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
from notes.models import Note
import os
said = str(list(Note.objects.values_list("owner", "text")))
print(said, flush=True)
raise RuntimeError(said)
`,
  },
} as const;
