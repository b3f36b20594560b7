use super::*;

const BASE: &str = "https://graph.microsoft.com/";

fn address(call: &GraphCall) -> Option<String> {
    call.address(&Url::parse(BASE).unwrap()).ok().map(Into::into)
}

#[test]
fn a_path_leads_to_the_configured_graph_and_nowhere_else() {
    for (path, expected) in [
        ("me", Some("v1.0/me")),
        ("/me", Some("v1.0/me")),
        ("me/photo/$value", Some("v1.0/me/photo/$value")),
        ("me/drive/root:/a.txt:/content", Some("v1.0/me/drive/root:/a.txt:/content")),
        ("users/a%23EXT%23@contoso.example", Some("v1.0/users/a%23EXT%23@contoso.example")),
        ("sites/contoso.example:/teams", Some("v1.0/sites/contoso.example:/teams")),
        ("", None),
        ("/", None),
        ("//evil.test/me", None),
        ("me/", None),
        ("me//x", None),
        ("../beta/me", None),
        ("me/..", None),
        ("me/./x", None),
        ("me/%2e%2e/x", None),
        ("me/%2fx", None),
        ("me/%5cx", None),
        ("me/%00", None),
        ("me/%252f", None),
        ("me/%", None),
        ("me/%+1", None),
        ("me?x=1", None),
        ("me#x", None),
        ("me\\x", None),
        ("me x", None),
        ("me\r\nx: y", None),
        ("mé", None),
        ("https://evil.test/me", None),
        ("@evil.test/me", Some("v1.0/@evil.test/me")),
    ] {
        let found = address(&GraphCall::get(path));
        assert_eq!(found, expected.map(|expected| format!("{BASE}{expected}")), "{path:?}");
    }
    assert_eq!(address(&GraphCall::get("a".repeat(LONGEST + 1))), None);
    assert_eq!(address(&GraphCall::get("me").query("x", &"a".repeat(LONGEST))), None);
}

#[test]
fn what_is_asked_for_is_encoded() {
    let call = GraphCall::get("users").select(["id", "mail"]).query("$filter", "startswith(displayName,'a&b=ü #')");
    let expected = "v1.0/users?$select=id,mail&$filter=startswith(displayName,%27a%26b%3D%C3%BC%20%23%27)";
    assert_eq!(address(&call), Some(format!("{BASE}{expected}")));
    assert_eq!(address(&GraphCall::get("me").beta()), Some(format!("{BASE}beta/me")));
}

#[test]
fn data_stays_one_segment() {
    for (data, segment) in [("megan#EXT#@x", "megan%23EXT%23@x"), ("ü", "%C3%BC"), ("a b", "a%20b"), ("a=b", "a%3Db")]
    {
        assert_eq!(GraphCall::segment(data), segment);
        let path = format!("users/{}/messages", GraphCall::segment(data));
        assert_eq!(address(&GraphCall::get(path)), Some(format!("{BASE}v1.0/users/{segment}/messages")), "{data}");
    }
    for hostile in ["..", ".", "../x", "a/b", "a\\b", "\r\n", "", "%2f"] {
        let path = format!("users/{}/messages", GraphCall::segment(hostile));
        assert_eq!(address(&GraphCall::get(path)), None, "{hostile:?}");
    }
}

#[test]
fn debug_names_nobody() {
    let call =
        GraphCall::post("users/adele/messages", &serde_json::json!({ "x": "canary" })).query("$filter", "canary");
    assert_eq!(format!("{call:?}"), "GraphCall(POST users…)");
}
