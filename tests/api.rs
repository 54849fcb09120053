//! The desk's API as programs use it: tokens and their scopes on every route, requests that are sent twice, and what the
//! journal of look-ups then says.

use std::collections::BTreeSet;

use propusk_boot::client::{Client, ClientError};
use scenarios::Instance;
use serde_json::{Value, json};

/// The scopes that a token can be given.
const SCOPES: [&str; 4] = ["read", "issue", "change", "print"];
/// What stands for a part of a path: of the right shape, and nobody's.
const NOBODY: &str = "nobody";

struct Api {
    url: String,
    operator: String,
}

impl Api {
    fn of(instance: &Instance) -> Self {
        let text = std::fs::read_to_string(instance.data().join("run/desk.json")).unwrap();
        let desk: Value = serde_json::from_str(&text).unwrap();
        let part = |name: &str| desk[name].as_str().unwrap().to_owned();
        Self { url: part("url"), operator: part("token") }
    }

    fn client(&self, token: Option<&str>) -> Client {
        Client::new(&self.url, token.map(str::to_owned)).unwrap()
    }

    /// The status of a request, and its problem's code.
    fn ask(&self, method: &str, path: &str, token: Option<&str>) -> (u16, String) {
        let client = self.client(token);
        let answer = match method {
            "get" => client.get_bytes(path),
            _ => client.post_for_bytes(path, &json!({})),
        };
        match answer {
            Ok(_) => (200, String::new()),
            Err(ClientError::Refused { status, code, .. }) => (status, code),
            Err(error) => panic!("{method} {path}: {error}"),
        }
    }

    /// A write under a name; the answer, or the refusal's status and code.
    fn write(&self, token: &str, path: &str, body: &Value, key: &str) -> Result<Value, (u16, String)> {
        match self.client(Some(token)).post_or_refusal::<_, Value, Value>(path, body, Some(key)) {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(refusal)) => Err((422, refusal["code"].as_str().unwrap().to_owned())),
            Err(ClientError::Refused { status, code, .. }) => Err((status, code)),
            Err(error) => panic!("{path}: {error}"),
        }
    }
}

fn token(instance: &Instance, name: &str, scopes: &str) -> String {
    let made = instance.json(&["desk", "token", "add", name, "--scopes", scopes]);
    made["token"].as_str().unwrap().to_owned()
}

fn order() -> Value {
    let day = propusk_boot::Clock::system().today();
    let traveller = json!({
        "surname": "ERIKSSON", "given_names": "ANNA MARIA", "document_number": "L898902C3", "nationality": "UTO",
        "birth_date": "1974-08-12", "sex": "F", "expiry_date": day.saturating_add(jiff::ToSpan::years(5)).to_string(),
    });
    let order = json!({"zones": ["naryn"], "route": ["kol-suu", "torugart"], "valid_from": day.to_string(), "travellers": [traveller]});
    json!({ "order": order })
}

fn history(instance: &Instance, number: &str) -> Vec<String> {
    let shown = instance.json(&["desk", "show", number]);
    let steps = shown["history"].as_array().unwrap().iter();
    steps.map(|step| step["what"].as_str().unwrap().to_owned()).collect()
}

/// The table of routes is the description's: a test of the desk holds both against each other.
#[test]
fn every_route_wants_its_scope_and_a_named_request_is_done_once() {
    let instance = Instance::new();
    let running = instance.up();
    every_route_wants_its_scope(&instance);
    let (number, token) = a_named_request_is_done_once(&instance);
    // A restart forgets neither what was done nor who may.
    running.stop();
    let running = instance.up();
    let api = Api::of(&instance);
    let print = format!("/v1/permits/{number}/prints");
    let again = api.write(&token, &print, &json!({"more": 1}), "print-1").unwrap();
    assert_eq!(again["copies"].as_array().unwrap().len(), 1);
    assert_eq!(history(&instance, &number), ["issued", "printed", "extended"]);
    let _ = instance.run(&["desk", "token", "revoke", "agency"]).expect(0);
    assert_eq!(api.ask("get", "/v1/permits", Some(&token)).0, 401);
    let listed = instance.run(&["desk", "token", "list"]).expect(0).stdout;
    assert!(listed.contains("revoked at") && listed.contains("last used on"), "{listed}");
    running.stop();
}

fn every_route_wants_its_scope(instance: &Instance) {
    let api = Api::of(instance);
    let description: Value = api.client(None).get("/v1/openapi.json").unwrap();
    let one_each = SCOPES.map(|scope| (scope, token(instance, &format!("only-{scope}"), scope)));
    let mut routes = 0;
    for (path, methods) in description["paths"].as_object().unwrap() {
        let address = path.replace("{number}", NOBODY).replace("{name}", NOBODY);
        for (method, operation) in methods.as_object().unwrap().iter().filter(|(key, _)| *key != "parameters")
        {
            let Some(wanted) = operation["security"][0]["token"][0].as_str() else { continue };
            let ask = |token| api.ask(method, &address, token);
            assert_eq!(ask(None), (401, "token-needed".to_owned()), "{method} {path} without a token");
            assert_eq!(ask(Some("desk_0")).0, 401, "{method} {path} with a token that is nobody's");
            for (scope, token) in &one_each {
                let (status, code) = ask(Some(token.as_str()));
                let let_in = ![401, 403].contains(&status);
                assert_eq!(let_in, *scope == wanted, "{method} {path} with {scope}: {status} {code}");
                assert!(let_in || (status, code.as_str()) == (403, "scope"), "{method} {path} with {scope}");
            }
            assert!(
                ![401, 403].contains(&ask(Some(&api.operator)).0),
                "{method} {path} with the operator's token"
            );
            routes += 1;
        }
    }
    assert!(routes > 12, "{routes}");
    assert_eq!(
        api.ask("post", "/v1/permits/nobody", Some(&api.operator)),
        (405, "method-not-allowed".to_owned())
    );
    assert_eq!(api.ask("get", "/v1/nothing", None), (404, "not-found".to_owned()));
}

fn a_named_request_is_done_once(instance: &Instance) -> (String, String) {
    let api = Api::of(instance);
    let agency = token(instance, "agency", "read,issue,change,print");
    let write = |path: &str, body: &Value, key: &str| api.write(&agency, path, body, key);
    let issued = write("/v1/permits", &order(), "order-1").unwrap();
    let number = issued["permit_number"].as_str().unwrap();
    let again = write("/v1/permits", &order(), "\"order-1\"").unwrap();
    assert_eq!((&again["permit_number"], &again["copies"]), (&issued["permit_number"], &issued["copies"]));
    let mut other = order();
    other["order"]["purpose"] = json!("expedition");
    assert_eq!(write("/v1/permits", &other, "order-1"), Err((422, "idempotency-key-reused".to_owned())));
    assert_eq!(write("/v1/permits", &order(), "order 2"), Err((400, "idempotency-key".to_owned())));
    // Sent many times at once, it is done once: whoever comes while it is under way is told so.
    let at_once: Vec<_> = std::thread::scope(|scope| {
        let senders = [(); 6].map(|()| scope.spawn(|| write("/v1/permits", &order(), "order-3")));
        senders.into_iter().map(|sender| sender.join().unwrap()).collect()
    });
    let numbers: BTreeSet<String> =
        at_once.iter().flatten().map(|it| it["permit_number"].to_string()).collect();
    assert_eq!(numbers.len(), 1, "{at_once:?}");
    let refusals = at_once.iter().filter_map(|answer| answer.as_ref().err());
    refusals.for_each(|refusal| assert_eq!(*refusal, (409, "in-flight".to_owned())));
    // The same name of somebody else is another name.
    let theirs = api.write(&api.operator, "/v1/permits", &order(), "order-1").unwrap();
    assert_ne!(theirs["permit_number"], issued["permit_number"]);

    let print = format!("/v1/permits/{number}/prints");
    let first = write(&print, &json!({"more": 1}), "print-1").unwrap();
    assert_eq!(write(&print, &json!({"more": 1}), "print-1").unwrap()["copies"], first["copies"]);
    let extend = format!("/v1/permits/{number}/extensions");
    let (body, refused) =
        (json!({"months": 2, "reason": "longer"}), json!({"months": 9, "reason": "longer"}));
    assert!(
        write(&extend, &refused, "extend-1").is_err(),
        "what is refused does nothing, and leaves its name free"
    );
    assert_eq!(write(&extend, &body, "extend-1").unwrap()["version"], 2);
    assert_eq!(write(&extend, &body, "extend-1").unwrap()["version"], 2);
    assert_eq!(history(instance, number), ["issued", "printed", "extended"]);

    let looked_up = instance.run(&["desk", "look-ups", "--permit", number, "--json"]).expect(0).json_lines();
    let by_token: Vec<&str> = looked_up
        .iter()
        .filter(|row| row["who"] == "token:agency")
        .map(|row| row["what"].as_str().unwrap())
        .collect();
    assert_eq!(by_token, ["extend", "extend", "print", "print", "issued-before"], "newest first");
    (number.to_owned(), agency)
}
