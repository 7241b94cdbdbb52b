"""Dangerous calls in the code of a project. Every rule says what it saw and how sure it is; rules that are not sure say nothing."""

import ast
import re

from names import Names, last_name
from taint import Taint, own_nodes

SECRET_WORDS = re.compile(r"(^|_)(token|password|passwd|pwd|otp|secret|api_?key|verification_code|reset_code|auth_code)s?($|_)", re.IGNORECASE)
PASSWORD_WORDS = re.compile(r"(^|_)(password|passwd|passphrase|pwd)[0-9]?($|_)", re.IGNORECASE)
ESCAPES = {
    *("escape conditional_escape format_html format_html_join strip_tags clean sanitize sanitize_html linkify urlencode quote urlquote".split()),
    *("escapejs json_script render_to_string markdown render highlight".split()),
}
FAST_HASHES = {"hashlib.md5", "hashlib.sha1", "hashlib.sha256", "hashlib.sha512"}
SUBPROCESS = {f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen", "getoutput", "getstatusoutput")}
UNPICKLE = {"pickle.loads", "pickle.load", "cPickle.loads", "_pickle.loads", "dill.loads", "dill.load", "cloudpickle.loads", "jsonpickle.decode", "marshal.loads"}
UNSAFE_LOADERS = {"yaml.Loader", "yaml.UnsafeLoader", "yaml.CLoader", "yaml.loader.Loader", "yaml.loader.UnsafeLoader"}
HTTP_CALLS = {f"{package}.{verb}" for package in ("requests", "httpx") for verb in ("get", "post", "put", "patch", "delete", "head", "request")}
REDIRECTS = {"django.shortcuts.redirect", "django.http.HttpResponseRedirect", "django.http.HttpResponsePermanentRedirect", "django.http.response.HttpResponseRedirect"}
REDIRECT_CHECKS = re.compile(r"url_has_allowed_host|is_safe_url|is_safe|safe_redirect|allowed_host|urlparse|urlsplit|startswith|ALLOWED|whitelist|allowlist")
SANITISER_CALL = re.compile(r"safe_join|secure_filename|get_valid_filename|basename|commonpath|resolve|realpath|abspath|normpath")


def sightings(tree, file, package):
    """`[{rule, file, line, what, confidence}]` of one module."""
    names = Names(tree, package)
    # Hashers hash before they stretch; lists of leaked passwords are asked by SHA-1.
    names.is_about_hashing = bool(re.search(r"hasher|pwned|hibp|leaked|breach", file, re.IGNORECASE)) or any(
        "hashers" in target or "pbkdf2" in target for target in names.imports.values()
    )
    found = []

    def add(rule, node, what, confidence="high"):
        found.append({"rule": rule, "file": file, "line": node.lineno, "what": what, "confidence": confidence})

    for function in _functions(tree):
        _in_function(function, names, add)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            _anywhere(node, names, add)
        elif isinstance(node, ast.ClassDef):
            _in_class(node, names, add)
    return found


def _functions(tree):
    """The module itself and all functions in it."""
    yield tree
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def _in_function(function, names, add):
    taint = Taint(function, names)
    text = None
    for node in own_nodes(function):
        if isinstance(node, ast.Call):
            name = names.dotted(node.func)
            _injection(node, name, names, taint, add)
            if name in REDIRECTS and node.args and taint.is_whole(node.args[0]) and not _is_checked(function, node.args[0]):
                text = text if text is not None else ast.dump(function)
                if not REDIRECT_CHECKS.search(text) and "POST" not in ast.dump(node.args[0]) and not _comes_by_post(function, node.args[0]):
                    add("code/open-redirect", node, "redirects to an address that the request gives")
            elif name == "open" and node.args and taint.holds(node.args[0]):
                text = text if text is not None else ast.dump(function)
                if not SANITISER_CALL.search(text) and _names_request(node.args[0], taint):
                    add("code/path-from-request", node, "opens a file whose name the request gives")
        elif isinstance(node, ast.Assign):
            _assignment(node, function, names, taint, add)
        elif isinstance(node, ast.Compare):
            _comparison(node, names, add)
    _csrf(function, names, add)


def _is_checked(function, address):
    """Whether a condition of the function asks another function about the address."""
    names = {inner.id for inner in ast.walk(address) if isinstance(inner, ast.Name)}
    for node in own_nodes(function):
        for test in [node.test] if isinstance(node, (ast.If, ast.IfExp, ast.Assert)) else []:
            for call in ast.walk(test):
                if isinstance(call, ast.Call) and any(isinstance(argument, ast.Name) and argument.id in names for argument in call.args):
                    return True
    return False


def _comes_by_post(function, address):
    """A form is protected by its CSRF token: another site cannot send it."""
    names = {inner.id for inner in ast.walk(address) if isinstance(inner, ast.Name)}
    values = [
        node.value
        for node in own_nodes(function)
        if isinstance(node, ast.Assign) and any(isinstance(target, ast.Name) and target.id in names for target in node.targets)
    ]
    return any(isinstance(inner, ast.Attribute) and inner.attr in ("POST", "data") for value in values for inner in ast.walk(value))


def _injection(node, name, names, taint, add):
    first = node.args[0] if node.args else None
    if name in ("eval", "exec", "builtins.eval", "builtins.exec") and first is not None and taint.holds(first):
        add("code/eval", node, f"{name.rsplit('.', 1)[-1]}() runs text of the request")
    elif name in UNPICKLE and first is not None and taint.holds(first):
        add("code/unpickle", node, f"{name}() reads what the request gives")
    elif name in ("yaml.load", "yaml.load_all") and _has_unsafe_loader(node, names):
        tainted = first is not None and taint.holds(first)
        add("code/yaml-load", node, f"{name}() with a loader that makes any object", "high" if tainted else "medium")
    elif name in SUBPROCESS or name in ("os.system", "os.popen"):
        _shell(node, name, first, taint, add)
    elif first is not None and _is_sql(node, name, names):
        _sql(node, _sql_argument(node, name), taint, add)
    elif last_name(name) in ("mark_safe", "SafeString", "SafeText") and name.startswith("django.") and first is not None:
        if taint.holds(first) and not _is_escaped(first, taint):
            add("code/mark-safe", node, f"{last_name(name)}() declares text of the request to be safe HTML")
    elif name in ("django.http.HttpResponse", "django.http.response.HttpResponse") and first is not None and _is_html(node):
        if _is_formatted(first) and taint.holds(first) and not _is_escaped(first, taint):
            add("code/html-from-request", node, "answers with HTML that text of the request was put into")
    elif name in ("django.template.Template", "jinja2.Template") and first is not None and taint.holds(first):
        add("code/template-from-request", node, "makes a template of text of the request")
    elif name in HTTP_CALLS and first is not None and taint.is_whole(first):
        add("code/request-forgery", node, f"{name}() fetches an address that the request gives", "medium")
    elif name == "jwt.decode" and first is not None and taint.holds(first) and _skips_signature(keywords_of(node)):
        add("code/jwt-not-verified", node, "reads a token of the request without checking its signature")
    elif any(keyword.arg is None and taint.is_source(keyword.value) for keyword in node.keywords):
        if last_name(name) in ("create", "update", "filter", "get_or_create", "update_or_create") or name[:1].isupper():
            add("code/mass-assignment", node, f"{last_name(name)}(**...) takes all fields that the request gives")


def _shell(node, name, first, taint, add):
    has_shell = any(
        keyword.arg == "shell" and isinstance(keyword.value, ast.Constant) and keyword.value.value is True for keyword in node.keywords
    )
    if first is None or not (has_shell or name in ("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput")):
        return
    if taint.holds(first):
        add("code/shell", node, f"{name}() gives text of the request to a shell")
    elif _is_formatted(first) and _interpolates_parameter(first, taint):
        add("code/shell", node, f"{name}() builds a command for a shell from a parameter", "medium")


def _has_unsafe_loader(node, names):
    loaders = [*node.args[1:2], *(keyword.value for keyword in node.keywords if keyword.arg == "Loader")]
    return any(names.dotted(loader) in UNSAFE_LOADERS for loader in loaders)


def _is_sql(node, name, names):
    if not isinstance(node.func, ast.Attribute):
        return name == "django.db.models.expressions.RawSQL"
    if node.func.attr in ("execute", "executemany"):
        return bool(re.search(r"cur|conn|database|\bdb\b", last_name(name.rsplit(".", 1)[0]), re.IGNORECASE)) or "connection" in name.lower()
    if node.func.attr in ("raw", "extra"):
        return ".objects." in f"{name}." or "objects" in name or "get_queryset" in name
    return name.endswith("expressions.RawSQL")


def _sql_argument(node, name):
    if name.endswith(".extra"):
        return ast.List(elts=[*node.args, *(keyword.value for keyword in node.keywords if keyword.arg in ("where", "select", "tables"))], ctx=ast.Load())
    return node.args[0]


def _sql(node, query, taint, add):
    if taint.holds(query):
        add("code/sql", node, "text of the request is part of an SQL statement")
        return
    if isinstance(query, ast.Name):
        return
    for formatted in ast.walk(query):
        if _puts_parameter_in_quotes(formatted, taint):
            add("code/sql", node, "a parameter is put into quotes in an SQL statement instead of being passed beside it", "medium")
            return


def _puts_parameter_in_quotes(node, taint):
    if isinstance(node, ast.JoinedStr):
        for before, part in zip(node.values, node.values[1:]):
            if isinstance(before, ast.Constant) and str(before.value).endswith("'") and isinstance(part, ast.FormattedValue):
                return isinstance(part.value, ast.Name) and part.value.id in taint.parameters
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant):
        values = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
        return "'%s'" in str(node.left.value) and any(isinstance(value, ast.Name) and value.id in taint.parameters for value in values)
    return False


def _is_formatted(node):
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mod)):
        return True
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"


def _interpolates_parameter(node, taint):
    quoted = any(isinstance(inner, ast.Call) and "quote" in ast.dump(inner.func) for inner in ast.walk(node))
    return not quoted and any(isinstance(inner, ast.Name) and inner.id in taint.parameters - {"self", "cls"} for inner in ast.walk(node))


def _names_request(node, taint):
    return any(taint.is_source(inner) or (isinstance(inner, ast.Name) and inner.id in taint.tainted) for inner in ast.walk(node))


def _is_escaped(node, taint):
    """Everything of the request goes through something that escapes it."""
    if isinstance(node, ast.Call):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in ESCAPES:
            return True
    if not taint.holds(node):
        return True
    if isinstance(node, ast.Name):
        return False
    children = [child for child in ast.iter_child_nodes(node) if isinstance(child, (ast.expr, ast.keyword))]
    children = [child.value if isinstance(child, ast.keyword) else child for child in children]
    held = [child for child in children if taint.holds(child)]
    return bool(held) and all(_is_escaped(child, taint) for child in held)


def _is_html(node):
    for keyword in node.keywords:
        if keyword.arg in ("content_type", "mimetype"):
            return isinstance(keyword.value, ast.Constant) and "html" in str(keyword.value.value)
    return len(node.args) == 1


def _assignment(node, function, names, taint, add):
    target = node.targets[0]
    if isinstance(target, ast.Attribute) and target.attr == "password" and isinstance(target.value, ast.Name):
        is_raw = taint.holds(node.value) and not any(isinstance(inner, ast.Call) and "password" in ast.dump(inner.func) for inner in ast.walk(node.value))
        if is_raw and "set_password" not in ast.dump(function):
            add("code/plain-password", node, "keeps a password of the request as it is", "medium")
    label = target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""
    if label and SECRET_WORDS.search(label) and _uses_random(node.value, names):
        add("code/weak-random", node, f"{label} is made with the random module", "medium")


def _uses_random(node, names):
    return any(
        isinstance(inner, ast.Call)
        and names.dotted(inner.func) in ("random.choice", "random.choices", "random.randint", "random.randrange", "random.sample", "random.random")
        for inner in ast.walk(node)
    )


def _comparison(node, names, add):
    if len(node.ops) != 1 or not isinstance(node.ops[0], ast.Eq):
        return
    for one, other in ((node.left, node.comparators[0]), (node.comparators[0], node.left)):
        label = one.id if isinstance(one, ast.Name) else one.attr if isinstance(one, ast.Attribute) else ""
        if PASSWORD_WORDS.search(label) and isinstance(other, ast.Constant) and isinstance(other.value, str) and len(other.value) > 3:
            add("code/password-in-source", node, f"{label} is compared with a password that stands in the source", "medium")


def _csrf(function, names, add):
    decorators = getattr(function, "decorator_list", [])
    exempt = [node for node in decorators if names.dotted(node) == "django.views.decorators.csrf.csrf_exempt"]
    if not exempt:
        return
    guards = {last_name(names.dotted(node.func if isinstance(node, ast.Call) else node)) for node in decorators}
    uses_session = any(
        isinstance(node, ast.Attribute) and node.attr in ("session", "user") and isinstance(node.value, ast.Name) and node.value.id == "request"
        for node in own_nodes(function)
    )
    if guards & {"login_required", "staff_member_required", "permission_required", "user_passes_test"}:
        add("code/csrf-exempt", exempt[0], f"{function.name}() needs a login but is exempt from CSRF protection")
    elif uses_session and any(_saves(node) for node in own_nodes(function)) and not _reads_token(function):
        add("code/csrf-exempt", exempt[0], f"{function.name}() writes for a signed-in user but is exempt from CSRF protection", "medium")


def _saves(node):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("save", "create", "delete", "update", "add", "set_password")


def _reads_token(function):
    return bool(re.search(r"authorization|signature|hmac|token|secret|api_key|webhook", ast.dump(function), re.IGNORECASE))


def _anywhere(node, names, add):
    name = names.dotted(node.func)
    keywords = keywords_of(node)
    if name in HTTP_CALLS and _is_false(keywords.get("verify")):
        add("code/tls-not-verified", node, f"{name}(verify=False) accepts any certificate")
    elif name == "ssl._create_unverified_context":
        add("code/tls-not-verified", node, "a TLS context that accepts any certificate")
    elif name in ("pdb.set_trace", "ipdb.set_trace", "breakpoint", "pudb.set_trace", "remote_pdb.set_trace"):
        add("code/debugger", node, f"{name}() stops the process and waits for a person")
    elif name in FAST_HASHES and node.args and _names_password(node.args[0]) and not names.is_about_hashing:
        add("code/password-hash", node, f"{name}() of a password is guessed quickly", "medium" if "sha" in name else "high")
    elif name.startswith("requests.") and name in HTTP_CALLS and "timeout" not in keywords and None not in {k.arg for k in node.keywords}:
        add("code/request-without-timeout", node, f"{name}() without timeout waits as long as the other side wants")


def keywords_of(node):
    return {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg}


def _is_false(node):
    return isinstance(node, ast.Constant) and node.value is False


def _names_password(node):
    for inner in ast.walk(node):
        label = inner.id if isinstance(inner, ast.Name) else inner.attr if isinstance(inner, ast.Attribute) else ""
        if PASSWORD_WORDS.search(label):
            return True
    return False


def _skips_signature(keywords):
    if _is_false(keywords.get("verify")):
        return True
    options = keywords.get("options")
    if not isinstance(options, ast.Dict):
        return False
    return any(isinstance(key, ast.Constant) and key.value == "verify_signature" and _is_false(value) for key, value in zip(options.keys, options.values))


def _in_class(node, names, add):
    """A form or serializer that lets every field of the user be written."""
    bases = {last_name(names.dotted(base)) for base in node.bases}
    if not any(base.endswith(("ModelSerializer", "ModelForm")) for base in bases):
        return
    for inner in node.body:
        if isinstance(inner, ast.ClassDef) and inner.name == "Meta":
            values = {t.id: s.value for s in inner.body if isinstance(s, ast.Assign) for t in s.targets if isinstance(t, ast.Name)}
            model = names.dotted(values["model"]) if "model" in values else ""
            is_user = model in ("django.contrib.auth.models.User", "django.contrib.auth.get_user_model()") or last_name(model) == "User"
            fields = values.get("fields")
            if is_user and isinstance(fields, ast.Constant) and fields.value == "__all__" and "read_only_fields" not in values:
                add("code/all-user-fields", fields, f"{node.name} takes every field of the user, also those that give rights", "medium")
