"""Every route of a service, asked as somebody, and compared with what `rendez access matrix` says (doc/access.md)."""

import json
import subprocess

# Words of a refusal because of who asks: src/domain/access/denials.def, and api's for routes without a token.
REFUSALS = {"no_session", "no_token", "ended", "enrolment", "scope", "function", "raise", "factor", "network",
            "organisation", "not_own", "not_assigned", "over", "no_right", "session_only"}


def is_refused(answer):
    """For who asks; not for what was asked."""
    return answer.status in (401, 403) and (answer.code in REFUSALS or answer.code is None)


def path_of(pattern):
    for part, value in {"{+path}": "Users/u_none", "{provider}": "i_none", "{token}": "none", "{id}": "x_none",
                        "{page}": "sessions", "{file}": "none.js"}.items():
        pattern = pattern.replace(part, value)
    return pattern


def try_routes(rows, caller, who, wanted, is_refused=is_refused):
    """Asks for every route as one caller; what differs from the table."""
    wrong, cookies = [], dict(caller.cookies)
    for row in sorted(rows, key=lambda row: row["route"].endswith("/logout")):
        if row["route"].endswith("/logout") and who not in ("auditor", "anonymous", "enrolment"):
            continue   # it ends the session: tried by one of them
        form = row["route"].endswith("backchannel")
        answer = caller.ask(row["method"], path_of(row["route"]), *(["logout_token=x",
                            "application/x-www-form-urlencoded"] if form else []))
        caller.cookies = dict(cookies)   # a refusal takes them away
        if is_refused(answer) == wanted(row):
            wrong.append(f"{who}: {row['method']} {row['route']}: {answer}")
    return wrong


def routes(service, role):
    """The rows of `rendez access matrix` of the role that serves them."""
    rows = json.loads(subprocess.run([service.rendez, "access", "matrix", "--of", "routes", "--json"],
                                     check=True, capture_output=True, text=True).stdout)
    return [row for row in rows if row["role"] == role]
