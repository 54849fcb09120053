"""How much slower the desk's pages answer with 100,000 permits than with 100.

ops/bench/run desk starts the program in a folder of its own, issues 100 permits through the API, asks for the pages as a
signed-in manager, issues the rest (a quarter of an hour), and asks again. It ends with 1 where a page's median is more than
twice what it was.
"""

import http.client
import json
import os
import random
import re
import signal
import statistics
import string
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path

SIZES = [100, 100_000]
ROUNDS = 100
CLIENTS = 4
LIMIT = 2.0
PASSWORD = "nine brown yaks graze"


class Desk:
    """A running program, and a manager who is signed in."""

    def __init__(self, program, data):
        self.program, self.data = program, Path(data)
        log = open(self.data.parent / "log", "w")
        self.up = subprocess.Popen([program, "up", "--data", data], stdout=log, stderr=log)
        while not (self.data / "run/ready").exists():
            if self.up.poll() is not None:
                sys.exit(f"propusk up ended; see {log.name}")
            time.sleep(0.1)
        announced = json.loads((self.data / "run/desk.json").read_text())
        self.host, self.token = announced["url"].split("//")[1], announced["token"]
        add = [program, "desk", "user", "add", "measurer", "--role", "manager", "--data", data]
        subprocess.run(add, input=PASSWORD, text=True, check=True, stdout=subprocess.DEVNULL)
        self.cookie = self.sign_in()

    def connection(self):
        return http.client.HTTPConnection(self.host)

    def ask(self, connection, method, path, fields=None):
        """A page's status, headers and text."""
        body = urllib.parse.urlencode(fields) if fields else None
        headers = {"cookie": getattr(self, "cookie", ""), "origin": f"http://{self.host}"}
        if fields:
            headers["content-type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()

    def sign_in(self):
        fields = {"name": "measurer", "password": PASSWORD}
        status, headers, _ = self.ask(self.connection(), "POST", "/sign-in", fields)
        if status != 303:
            sys.exit(f"signing in was answered with {status}")
        return headers["set-cookie"].split(";")[0]

    def issue(self, count):
        """Issues so many permits, of travellers with names of their own."""
        today = time.strftime("%Y-%m-%d", time.gmtime())
        expiry = f"{int(today[:4]) + 5}-04-15"
        left, failures = iter(range(count)), []
        turn = threading.Lock()

        def work():
            connection = self.connection()
            while True:
                with turn:
                    if failures or next(left, None) is None:
                        return
                name = "".join(random.choices(string.ascii_uppercase, k=9))
                number = "".join(random.choices(string.digits, k=8))
                traveller = {
                    "surname": name, "given_names": "ANNA MARIA", "document_number": f"L{number}",
                    "nationality": "UTO", "birth_date": "1974-08-12", "sex": "F", "expiry_date": expiry,
                }
                order = {
                    "zones": ["naryn"], "route": ["kol-suu"], "valid_from": today, "travellers": [traveller],
                }
                headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
                connection.request("POST", "/v1/permits", json.dumps({"order": order}), headers)
                answer = connection.getresponse()
                text = answer.read().decode()
                if answer.status >= 300:
                    failures.append(text)

        workers = [threading.Thread(target=work) for _ in range(CLIENTS)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        if failures:
            sys.exit(f"a permit was not issued: {failures[0]}")

    def pages(self):
        """The pages that are asked for: what, method, path, fields."""
        connection = self.connection()
        _, _, text = self.ask(connection, "GET", "/")
        permit = re.search(r'href="(/permits/[0-9a-f-]{36})"', text)
        number = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]", text)
        lead = re.search(r"\b([A-Z]{9})\b", text)
        if not (permit and number and lead):
            sys.exit("the list shows no permit")
        today = time.strftime("%Y-%m-%d", time.gmtime())
        return [
            ("the list", "GET", "/", None),
            ("the day's list", "GET", f"/?day={today}", None),
            ("a permit", "GET", permit[1], None),
            ("search by number", "POST", "/search", {"q": number[0]}),
            ("search by name", "POST", "/search", {"q": lead[1]}),
            ("search, nothing found", "POST", "/search", {"q": "NOBODYATALL"}),
        ]

    def times(self):
        """Median milliseconds of each page."""
        connection, medians = self.connection(), {}
        for what, method, path, fields in self.pages():
            taken = []
            for _ in range(ROUNDS):
                begun = time.perf_counter()
                status, _, _ = self.ask(connection, method, path, fields)
                taken.append((time.perf_counter() - begun) * 1000)
                if status != 200:
                    sys.exit(f"{what} was answered with {status}")
            medians[what] = statistics.median(taken)
        return medians

    def stop(self):
        self.up.send_signal(signal.SIGTERM)
        self.up.wait()


def main():
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(program, os.path.join(folder, "data"))
        try:
            desk.issue(SIZES[0])
            few = desk.times()
            begun = time.perf_counter()
            desk.issue(SIZES[1] - SIZES[0])
            print(f"{SIZES[1] - SIZES[0]:,} permits issued in {time.perf_counter() - begun:.0f} s")
            many = desk.times()
        finally:
            desk.stop()
    missed = False
    print(f"{'median':<24}{SIZES[0]:>10,}{SIZES[1]:>12,}   ratio, at most {LIMIT:.0f}")
    for what, before in few.items():
        ratio = many[what] / before
        missed |= ratio > LIMIT
        print(f"{what:<24}{before:>7.2f} ms{many[what]:>9.2f} ms   {ratio:.2f}{'   MISSED' if ratio > LIMIT else ''}")
    sys.exit(missed)


if __name__ == "__main__":
    main()
