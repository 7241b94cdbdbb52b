import re

from checks.support import (
    BOOKS,
    ORDERS,
    REPORT,
    UNKNOWN,
    Http,
    author,
    book,
    fresh_book,
    http,
    insert,
    line,
    new_customer,
    order,
    query,
)

PASSWORD = "copper-Lantern-4471"
PLAIN = "http"


def test_b3_sign_up_leads_to_a_token():
    visitor, username = http("visitor"), "lantern-reader"
    signed_up = visitor.post("/api/customers/", {"username": username, "email": "reader@example.com", "password": PASSWORD})
    assert (signed_up.status_code, signed_up.json()["username"]) == (201, username)
    assert PASSWORD not in signed_up.text
    ((password,),) = query("SELECT password FROM customers_customer WHERE username = %s", [username])
    assert re.match(r"pbkdf2_sha256\$\d+\$.+\$", password) and PASSWORD not in password and password not in signed_up.text
    wrong = visitor.post("/api/token/", {"username": username, "password": f"{PASSWORD}x"})
    assert wrong.status_code == 400
    login = visitor.post("/api/token/", {"username": username, "password": PASSWORD})
    token = login.json()["token"]
    assert login.status_code == 200 and re.fullmatch(r"[\x21-\x7e]{20,200}", token)
    me = Http(token).get("/api/customers/me/")
    assert (me.status_code, me.json()["username"]) == (200, username)


def test_c1_headers_of_the_security_middleware():
    found = fresh_book(1_400_000)
    missing = http("visitor").get(f"{BOOKS}{UNKNOWN}/")
    assert missing.status_code == 404
    for answer in (found, missing):
        assert (answer.headers["x-content-type-options"], answer.headers["x-frame-options"]) == ("nosniff", "DENY")


def test_c3_report_is_for_staff():
    number = 1_410_000
    insert("catalog_author", author(number, "Only for Staff"))
    insert("catalog_book", book(number, number, "3.21"))
    insert("orders_order", order(number, total="3.21"))
    insert("orders_orderline", line(number, number, number, 1, "3.21"))

    report = http("sam").get(REPORT)
    assert report.status_code == 200 and "Only for Staff" in report.text
    for name, status in {"alice": 403, "visitor": 401}.items():
        refused = http(name).get(REPORT)
        assert refused.status_code == status and "Only for Staff" not in refused.text


def test_c3_sign_up_gives_no_rights():
    rights = {"is_staff": True, "is_superuser": True}
    fields = {"username": "wants-to-be-staff", "email": "wants@example.com", "password": PASSWORD}
    signed_up = http("visitor").post("/api/customers/", {**fields, **rights})
    assert (signed_up.status_code, signed_up.json()["is_staff"]) == (201, False)
    stored = query("SELECT is_staff, is_superuser FROM customers_customer WHERE username = %s", [fields["username"]])
    assert stored == [(False, False)]
    climber = new_customer(1_420_000, "climber")
    assert climber.patch("/api/customers/me/", {"email": "new@example.com", "id": 4, **rights}).status_code == 200
    after = query("SELECT username, email, is_staff, is_superuser FROM customers_customer WHERE id = 1420000")
    assert after == [("climber", "new@example.com", False, False)]


def test_c5_plain_http_is_redirected():
    number = 1_430_000
    fresh_book(number)
    for answer in (Http(https=False).get(f"{BOOKS}{number}/"), http("visitor").get(f"{BOOKS}{number}/", x_forwarded_proto=PLAIN)):
        assert answer.status_code in (301, 302, 307, 308)
        assert answer.headers["location"] == f"https://localhost{BOOKS}{number}/"
        assert f"Fresh {number}" not in answer.text


def test_c5_hsts_and_secure_cookies():
    shown = fresh_book(1_440_000)
    age = re.search(r"max-age=(\d+)", shown.headers["strict-transport-security"])
    assert int(age[1]) >= 31_536_000
    login = http("visitor").get("/admin/login/")
    assert login.status_code == 200
    assert any("csrf" in name for name in login.cookies)
    assert all(cookie["secure"] for cookie in login.cookies.values())


def test_c5_strict_content_security_policy():
    visitor = http("visitor")
    answers = [fresh_book(1_450_000), visitor.get(f"{BOOKS}{UNKNOWN}/"), visitor.get(ORDERS)]
    assert answers[1].status_code == 404
    for answer in answers:
        directives = [part.strip().split(maxsplit=1) for part in answer.headers["content-security-policy"].lower().split(";")]
        policy = dict(directives)
        assert (policy["default-src"], policy["frame-ancestors"]) == ("'none'", "'none'")
        assert not any(re.search(r"unsafe|\*", sources) for sources in policy.values())
