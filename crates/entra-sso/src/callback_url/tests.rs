use http::{Request, Version};

use super::*;

fn settings(toml: &str) -> Settings {
    Settings::from_toml(toml).unwrap_or_else(|error| panic!("{error}"))
}

/// A request line with headers, and the peer's address if there is one.
fn request(target: &str, headers: &[(&str, &str)], peer: Option<&str>) -> Parts {
    let mut request = Request::get(target);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let (mut parts, ()) = request.body(()).unwrap().into_parts();
    if let Some(peer) = peer {
        let peer: SocketAddr = format!("{peer}:4711").parse().or_else(|_| format!("[{peer}]:4711").parse()).unwrap();
        parts.extensions.insert(ConnectInfo(peer));
    }
    parts
}

/// The origin, or the code of the refusal.
fn judged(settings: &Settings, parts: &Parts) -> String {
    match Origin::of_request(parts, settings) {
        Ok(origin) => origin.to_string(),
        Err(refusal) => refusal.entry().code.to_owned(),
    }
}

const PROXIED: &str = r#"
    trusted_proxies = ["10.0.0.0/8", "fd00::/16"]
    allowed_hosts = ["app.example.com", "api.example.com:8443", "localhost"]
"#;

#[test]
fn f31_f32_the_order_of_what_decides() {
    let localhost = [("host", "localhost:8000")];
    for (case, toml, headers, expected) in [
        ("the request's own host", "", &localhost[..], "http://localhost:8000"),
        ("127.0.0.1", "", &[("host", "127.0.0.1:8000")], "http://127.0.0.1:8000"),
        ("IPv6", "", &[("host", "[::1]:8000")], "http://[::1]:8000"),
        ("no port", "", &[("host", "localhost")], "http://localhost"),
        ("the scheme's own port is left out", "", &[("host", "localhost:80")], "http://localhost"),
        ("case", "", &[("host", "LocalHost:8000")], "http://localhost:8000"),
        (
            "public_url fixes both",
            "public_url = 'https://app.example.com'",
            &[("host", "evil.example")],
            "https://app.example.com",
        ),
        (
            "public_url with its scheme's port",
            "public_url = 'https://app.example.com:443'",
            &localhost,
            "https://app.example.com",
        ),
        (
            "public_url with a port",
            "public_url = 'https://app.example.com:8443'",
            &localhost,
            "https://app.example.com:8443",
        ),
        ("public_url without any Host", "public_url = 'https://app.example.com'", &[], "https://app.example.com"),
        (
            "callback_domain before public_url",
            "public_url = 'https://app.example.com'\ncallback_domain = 'login.example.com'",
            &localhost,
            "https://login.example.com",
        ),
        (
            "callback_domain with the request's scheme",
            "callback_domain = 'localhost:9000'",
            &localhost,
            "http://localhost:9000",
        ),
        ("public http", "callback_domain = 'login.example.com'", &localhost, "E328"),
        ("public http from the request", "allowed_hosts = ['app.example.com']", &[("host", "app.example.com")], "E328"),
        ("no host at all", "", &[], "E326"),
    ] {
        assert_eq!(judged(&settings(toml), &request("/", headers, None)), expected, "{case}");
    }
}

#[test]
fn r3_only_a_trusted_proxy_says_scheme_and_host() {
    let poison =
        [("host", "app.example.com"), ("x-forwarded-proto", "https"), ("x-forwarded-host", "api.example.com:8443")];
    for (case, toml, peer, expected) in [
        ("trusted", PROXIED, Some("10.1.2.3"), "https://api.example.com:8443"),
        ("trusted over IPv6", PROXIED, Some("fd00::7"), "https://api.example.com:8443"),
        ("IPv4 over an IPv6 socket", PROXIED, Some("::ffff:10.1.2.3"), "https://api.example.com:8443"),
        ("another peer", PROXIED, Some("192.0.2.1"), "E328"),
        ("another peer over IPv6", PROXIED, Some("fd01::7"), "E328"),
        ("no peer known", PROXIED, None, "E325"),
        (
            "no peer known, though public_url decides",
            "trusted_proxies = ['10.0.0.1']\npublic_url = 'https://app.example.com'",
            None,
            "E325",
        ),
        ("no proxies", "allowed_hosts = ['app.example.com', 'api.example.com:8443']", Some("10.1.2.3"), "E328"),
        ("public_url wins", "public_url = 'https://app.example.com'", Some("10.1.2.3"), "https://app.example.com"),
        (
            "public_url wins over a trusted proxy",
            "trusted_proxies = ['10.0.0.0/8']\npublic_url = 'https://app.example.com'",
            Some("10.1.2.3"),
            "https://app.example.com",
        ),
        (
            "callback_domain wins over a trusted proxy",
            "trusted_proxies = ['10.0.0.0/8']\ncallback_domain = 'login.example.com'",
            Some("10.1.2.3"),
            "https://login.example.com",
        ),
    ] {
        assert_eq!(judged(&settings(toml), &request("/", &poison, peer)), expected, "{case}");
    }
}

#[test]
fn r3_a_trusted_proxy_that_contradicts_itself_is_refused() {
    let host = ("host", "localhost:8000");
    let proto = |value| ("x-forwarded-proto", value);
    let forwarded = |value| ("x-forwarded-host", value);
    for (headers, expected) in [
        (&[host, proto("https")][..], "https://localhost:8000"),
        (&[host, proto("HTTPS")], "https://localhost:8000"),
        (&[host, proto("https,https")], "https://localhost:8000"),
        (&[host, proto("https"), proto("https")], "https://localhost:8000"),
        (&[host, proto("http,https")], "E327"),
        (&[host, proto("https"), proto("http")], "E327"),
        (&[host, proto("https,")], "E327"),
        (&[host, proto("")], "E327"),
        (&[host, proto("ftp")], "E327"),
        (&[host, proto("https://")], "E327"),
        (&[host, proto("https;http")], "E327"),
        (&[host, proto("javascript")], "E327"),
        (&[host, proto("https"), forwarded("app.example.com")], "https://app.example.com"),
        (&[host, proto("https"), forwarded("app.example.com:443")], "https://app.example.com"),
        (&[host, proto("https"), forwarded("App.Example.com, app.example.com")], "https://app.example.com"),
        (&[host, proto("https"), forwarded("api.example.com:8443")], "https://api.example.com:8443"),
        (&[host, proto("https"), forwarded("api.example.com")], "E326"),
        (&[host, proto("https"), forwarded("app.example.com:8443")], "E326"),
        (&[host, proto("https"), forwarded("evil.example")], "E326"),
        (&[host, proto("https"), forwarded("evil.example, app.example.com")], "E327"),
        (&[host, proto("https"), forwarded("app.example.com"), forwarded("evil.example")], "E327"),
        (&[host, proto("https"), forwarded("app.example.com@evil.example")], "E327"),
        (&[host, proto("https"), forwarded("app.example.com/evil")], "E327"),
        (&[host, proto("https"), forwarded("")], "E327"),
        (&[host, ("forwarded", "proto=https;host=evil.example")], "http://localhost:8000"),
        (
            &[host, ("x-forwarded-port", "443"), ("x-forwarded-scheme", "https"), ("x-url-scheme", "https")],
            "http://localhost:8000",
        ),
    ] {
        assert_eq!(judged(&settings(PROXIED), &request("/", headers, Some("10.1.2.3"))), expected, "{headers:?}");
    }
    let raw = http::HeaderValue::from_bytes(b"app.ex\xe4mple").unwrap();
    let mut parts = request("/", &[host], Some("10.1.2.3"));
    parts.headers.insert("x-forwarded-host", raw);
    assert_eq!(judged(&settings(PROXIED), &parts), "E327");
}

#[test]
fn r2_r3_only_allowed_hosts_become_a_redirect_uri() {
    let toml = "public_url = 'https://app.example.com'\nallowed_hosts = ['app.example.org', 'xn--bcher-kva.example', '192.0.2.7', 'localhost']";
    for (host, expected) in [
        ("app.example.com", "https://app.example.com"),
        ("app.example.org", "https://app.example.com"),
        ("xn--bcher-kva.example", "https://app.example.com"),
        ("192.0.2.7", "https://app.example.com"),
        ("localhost:1234", "https://app.example.com"),
        ("evil.example", "E326"),
        ("evilapp.example.com", "E326"),
        ("app.example.com.evil.example", "E326"),
        ("app.example.com:8443", "E326"),
        ("127.0.0.1:8000", "E326"),
    ] {
        assert_eq!(judged(&settings(toml), &request("/", &[("host", host)], None)), expected, "{host}");
    }
    for host in [
        "app.example.com.",
        "app..example.com",
        ".app.example.com",
        "user@app.example.com",
        "app.example.com@evil.example",
        "app.example.com:",
        "app.example.com:0",
        "app.example.com:080",
        "app.example.com:65536",
        "app.example.com:99999999999",
        "app.example.com:+80",
        "app.example.com:80:80",
        "app.example.com:https",
        "app.example.com/",
        "app.example.com/evil",
        "app.example.com?x",
        "app.example.com#x",
        "app.example.com\\evil",
        "app.example.com, evil.example",
        "app.example.com evil.example",
        "app%2eexample.com",
        "app.example.com%00",
        "",
        ":8000",
        "127.1",
        "127.0.0.01",
        "2130706433",
        "0x7f.0.0.1",
        "0x7f000001",
        "[::1",
        "::1",
        "[::1]x",
        "[0:0:0:0:0:0:0:1]",
        "[::1]:",
        "[fe80::1%25eth0]",
        "[::ffff:127.0.0.1]",
        "xn--a",
    ] {
        for toml in ["public_url = 'https://app.example.com'", ""] {
            assert_eq!(judged(&settings(toml), &request("/", &[("host", host)], None)), "E326", "R2: {host:?}");
        }
    }
}

#[test]
fn r3_two_names_for_the_host_have_to_agree() {
    let settings = settings("");
    for (target, hosts, expected) in [
        ("/", &["localhost:8000", "localhost:8000"][..], "E326"),
        ("/", &["localhost:8000", "evil.example"], "E326"),
        ("http://localhost:8000/", &[], "http://localhost:8000"),
        ("http://localhost:8000/", &["localhost:8000"], "http://localhost:8000"),
        ("http://localhost:8000/", &["evil.example"], "E326"),
        ("http://evil.example/", &["localhost:8000"], "E326"),
        ("http://user@localhost:8000/", &[], "E326"),
        ("https://localhost:8000/", &["localhost:8000"], "https://localhost:8000"),
    ] {
        let headers: Vec<(&str, &str)> = hosts.iter().map(|host| ("host", *host)).collect();
        let mut parts = request(target, &headers, None);
        parts.version = Version::HTTP_2;
        assert_eq!(judged(&settings, &parts), expected, "{target} {hosts:?}");
    }
}

#[test]
fn f32_without_any_name_only_loopback_is_served() {
    let settings = settings("");
    for host in [
        "app.example.com",
        "192.168.1.10:8000",
        "127.0.0.2:8000",
        "0.0.0.0:8000",
        "[::]:8000",
        "localhost.evil.example",
        "localhostx",
        "app.localhost:8000",
    ] {
        assert_eq!(judged(&settings, &request("/", &[("host", host)], None)), "E326", "{host}");
    }
}

#[test]
fn f30_the_redirect_uri_has_the_slash_and_nothing_else() {
    let at = |toml: &str, host: &str, prefix: &str| {
        Origin::of_request(&request("/x?y", &[("host", host)], None), &settings(toml))
            .unwrap()
            .callback_url(prefix, None)
            .to_string()
    };
    assert_eq!(at("", "localhost:8000", "/microsoft_sso"), "http://localhost:8000/microsoft_sso/callback/");
    assert_eq!(at("", "[::1]:8000", "/a/b"), "http://[::1]:8000/a/b/callback/");
    assert_eq!(
        at("public_url = 'https://app.example.com'", "evil.example", "/portal/microsoft_sso"),
        "https://app.example.com/portal/microsoft_sso/callback/"
    );
}

#[test]
fn s19_f32_the_sign_in_begins_where_its_callback_will_be() {
    let elsewhere = |toml: &str, host: &str, target: &str| {
        let settings = settings(toml);
        let parts = request(target, &[("host", host)], None);
        Origin::of_request(&parts, &settings).unwrap().elsewhere(&parts, &format!("{}/login/", settings.prefix))
    };
    let login = "/microsoft_sso/login/?next=%2Fx";
    for (case, toml, host, target, expected) in [
        ("the same host", "public_url = 'http://localhost:8000'", "localhost:8000", login, None),
        ("no names", "", "127.0.0.1:8000", login, None),
        (
            "127.0.0.1 against localhost",
            "public_url = 'http://localhost:8000'",
            "127.0.0.1:8000",
            login,
            Some("http://localhost:8000/microsoft_sso/login/?next=%2Fx&here=1#"),
        ),
        (
            "another port",
            "callback_domain = 'localhost:9000'",
            "localhost:8000",
            login,
            Some("http://localhost:9000/microsoft_sso/login/?next=%2Fx&here=1#"),
        ),
        (
            "callback_domain",
            "callback_domain = 'login.example.com'\npublic_url = 'https://app.example.com'",
            "app.example.com",
            login,
            Some("https://login.example.com/microsoft_sso/login/?next=%2Fx&here=1#"),
        ),
        (
            "no query",
            "public_url = 'https://app.example.com'",
            "www.example.com",
            "/microsoft_sso/login",
            Some("https://app.example.com/microsoft_sso/login/?here=1#"),
        ),
        (
            "an empty query",
            "public_url = 'https://app.example.com'",
            "www.example.com",
            "/microsoft_sso/login/?",
            Some("https://app.example.com/microsoft_sso/login/?here=1#"),
        ),
        (
            "the scheme's own port is the same host",
            "public_url = 'https://app.example.com'",
            "app.example.com:443",
            login,
            None,
        ),
        (
            "another prefix",
            "public_url = 'https://app.example.com'\nprefix = '/p/sso'",
            "www.example.com",
            "/p/sso/login/",
            Some("https://app.example.com/p/sso/login/?here=1#"),
        ),
        (
            "R6: a proxy that does not pass the host on is asked once",
            "public_url = 'https://app.example.com'",
            "10.0.0.9:8000",
            "/microsoft_sso/login/?next=%2Fx&here=1",
            None,
        ),
        (
            "the mark is one whole parameter",
            "public_url = 'https://app.example.com'",
            "10.0.0.9:8000",
            "/microsoft_sso/login/?xhere=1",
            Some("https://app.example.com/microsoft_sso/login/?xhere=1&here=1#"),
        ),
    ] {
        assert_eq!(elsewhere(toml, host, target).as_deref(), expected, "S19 {case}");
    }
}

#[test]
fn the_scheme_is_what_cookies_need_to_know() {
    let at =
        |toml: &str, host: &str| Origin::of_request(&request("/", &[("host", host)], None), &settings(toml)).unwrap();
    let local = at("", "localhost:8000");
    assert!(!local.is_https());
    let public = at("public_url = 'https://app.example.com'", "localhost:8000");
    assert!(public.is_https());
}

const SITES: &str = r#"
    trusted_proxies = ["10.0.0.0/8"]
    allowed_hosts = ["app.example"]
    [[site]]
    domain = "shop.example"
    [[site]]
    domain = "club.example:8443"
    [[site]]
    domain = "127.0.0.1"
"#;

/// Address and place of the site, or the code of the refusal.
fn judged_at(toml: &str, headers: &[(&str, &str)], peer: &str) -> (String, Option<usize>) {
    match Origin::of_request(&request("/", headers, Some(peer)), &settings(toml)) {
        Ok(origin) => (origin.to_string(), origin.site()),
        Err(refusal) => (refusal.entry().code.to_owned(), None),
    }
}

#[test]
fn g9_f65_the_site_is_that_of_the_trusted_host() {
    let https = ("x-forwarded-proto", "https");
    for (case, headers, expected) in [
        ("its host", &[https, ("host", "shop.example")][..], ("https://shop.example", Some(0))),
        ("case", &[https, ("host", "sHoP.Example")], ("https://shop.example", Some(0))),
        ("the scheme's own port", &[https, ("host", "shop.example:443")], ("https://shop.example", Some(0))),
        ("another port", &[https, ("host", "shop.example:8443")], ("E326", None)),
        ("a port of its own", &[https, ("host", "club.example:8443")], ("https://club.example:8443", Some(1))),
        ("without that port", &[https, ("host", "club.example")], ("E326", None)),
        ("loopback has any port", &[("host", "127.0.0.1:4711")], ("http://127.0.0.1:4711", Some(2))),
        ("no site", &[https, ("host", "app.example")], ("https://app.example", None)),
        (
            "what the proxy says",
            &[https, ("host", "app.example"), ("x-forwarded-host", "shop.example")],
            ("https://shop.example", Some(0)),
        ),
        (
            "what the proxy says of another",
            &[https, ("host", "shop.example"), ("x-forwarded-host", "app.example")],
            ("https://app.example", None),
        ),
        (
            "two that differ",
            &[https, ("x-forwarded-host", "shop.example, app.example"), ("host", "app.example")],
            ("E327", None),
        ),
        ("a dot at the end", &[https, ("host", "shop.example.")], ("E326", None)),
        ("a subdomain", &[https, ("host", "a.shop.example")], ("E326", None)),
        ("a longer name", &[https, ("host", "evilshop.example")], ("E326", None)),
        ("a user name", &[https, ("host", "app.example@shop.example")], ("E326", None)),
        ("two hosts", &[https, ("host", "app.example"), ("host", "shop.example")], ("E326", None)),
        ("an unknown host", &[https, ("host", "evil.example")], ("E326", None)),
        ("no host", &[https], ("E326", None)),
        ("plain http", &[("host", "shop.example")], ("E328", None)),
    ] {
        let (shown, site) = judged_at(SITES, headers, "10.0.0.1");
        assert_eq!((shown.as_str(), site), expected, "{case}");
    }
    let stranger = judged_at(SITES, &[("host", "127.0.0.1"), ("x-forwarded-host", "shop.example")], "192.0.2.1");
    assert_eq!(stranger, ("http://127.0.0.1".to_owned(), Some(2)), "R3: nobody asked this peer");
}

#[test]
fn f32_public_url_and_callback_domain_are_of_the_default_site() {
    let fixed =
        "public_url = 'https://app.example'\ncallback_domain = 'login.example'\n[[site]]\ndomain = 'shop.example'";
    for (host, expected, elsewhere) in [
        ("shop.example", ("https://shop.example", Some(0)), false),
        ("app.example", ("https://login.example", None), true),
        ("login.example", ("https://login.example", None), false),
        ("anything.example", ("https://login.example", None), true),
    ] {
        let parts = request("/", &[("host", host)], None);
        let origin = Origin::of_request(&parts, &settings(fixed)).unwrap();
        assert_eq!((origin.to_string().as_str(), origin.site()), expected, "{host}");
        assert_eq!(origin.elsewhere(&parts, "/login/").is_some(), elsewhere, "{host}");
    }
    let alone = "[[site]]\ndomain = '127.0.0.1'";
    assert_eq!(
        judged_at(alone, &[("host", "localhost:8000")], "192.0.2.1"),
        ("http://localhost:8000".to_owned(), None)
    );
    assert_eq!(judged_at(alone, &[("host", "evil.example")], "192.0.2.1"), ("E326".to_owned(), None));
}
