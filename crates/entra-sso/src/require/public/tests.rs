use std::sync::LazyLock;

use super::*;

const PREFIX: &str = "/microsoft_sso";

/// `/`, `/about`, and everything below `/assets/`.
fn public(path: &str) -> bool {
    static PATHS: LazyLock<PublicPaths> =
        LazyLock::new(|| PublicPaths::new(["/", "/about", "/assets/*", "/caf%C3%A9"]));
    PATHS.contain(path)
}

#[test]
fn f68_public_paths_are_public() {
    for path in [
        "/",
        "/about",
        "/assets/",
        "/assets/app.js",
        "/assets/deep/er/app.min.js",
        "/assets/deep/",
        "/assets/a%20b.png",
        "/assets/%C3%BCber.png",
        "/assets/%E2%82%AC",
        "/assets/.well-known",
        "/assets/...x",
        "/assets/@scope:1/(a)!$&'*+,=b~",
        "/assets/a%3Fb",
        "/caf%C3%A9",
    ] {
        assert!(public(path), "{path}");
    }
}

#[expect(clippy::too_many_lines, reason = "a table")]
#[test]
fn g7_every_other_form_is_protected() {
    for path in [
        // other paths
        "/admin",
        "/assets",
        "/aboutus",
        "/about/",
        "/About",
        "/ABOUT",
        "/assetsx/app.js",
        "/Assets/app.js",
        "/x/assets/app.js",
        "/x/about",
        "/about/x",
        "/caf%c3%a9",
        "/café",
        "",
        "*",
        "about",
        "assets/app.js",
        "http://localhost/about",
        // dots
        "/assets/../admin",
        "/assets/..",
        "/assets/.",
        "/assets/./app.js",
        "/./about",
        "/../about",
        "/x/../about",
        "/assets/%2e%2e/admin",
        "/assets/%2E%2E/admin",
        "/assets/.%2e/admin",
        "/assets/%2e./admin",
        "/assets/%2e",
        "/assets/app%2ejs",
        "/%2e/about",
        "/assets/..%2fadmin",
        "/assets/%252e%252e/admin",
        "/assets/..;/admin",
        "/assets/..;x=y/admin",
        "/assets/.;/admin",
        "/assets/...",
        "/assets/.../admin",
        "/assets/..%20/admin",
        "/assets/..%00/admin",
        "/assets/..%09/admin",
        "/assets/..%0d%0a/admin",
        // slashes and backslashes
        "//about",
        "/assets//app.js",
        "/assets//",
        "//",
        "///",
        "//assets/app.js",
        "/assets/app.js//",
        "//admin/../about",
        "/assets%2fapp.js",
        "/assets%2Fapp.js",
        "/assets/a%2fb",
        "/assets/..%2f..%2fadmin",
        "%2fabout",
        "/%2fabout",
        "/assets/a%5cb",
        "/assets/a%5Cb",
        "/assets\\app.js",
        "/assets/..\\admin",
        "/assets/..%5cadmin",
        "\\about",
        "/\\about",
        "/assets/%255c",
        "/assets/%252f",
        // semicolons
        "/about;",
        "/about;x",
        "/about;jsessionid=1",
        "/;/about",
        "/assets/a;b",
        "/assets/a;b/c",
        "/assets/a%3bb",
        "/assets;x/app.js",
        "/admin;/../about",
        // what is encoded although it need not be
        "/%61bout",
        "/abou%74",
        "/%61ssets/app.js",
        "/assets/%61pp.js",
        "/assets/%2d",
        "/assets/%5f",
        "/assets/%7e",
        "/assets/%30",
        // control characters, broken and overlong encodings
        "/about%00",
        "/assets/%00",
        "/assets/a%00.js",
        "/assets/a%0ab",
        "/assets/a%0db",
        "/assets/a%7fb",
        "/assets/a%1f",
        "/about\u{0}",
        "/assets/a\tb",
        "/assets/a\nb",
        "/assets/a\u{7f}b",
        "/assets/%",
        "/assets/%2",
        "/assets/%zz",
        "/assets/%u002e",
        "/about%",
        "/assets/%c0%ae%c0%ae/admin",
        "/assets/%c0%af",
        "/assets/%e0%80%af",
        "/assets/%f0%80%80%af",
        "/assets/%c1%9c",
        "/assets/%c0%80",
        "/assets/%ff",
        "/assets/%80",
        "/assets/%ed%a0%80",
        "/assets/ü.png",
        "/assets/\u{2024}\u{2024}/admin",
        // ends that some servers drop
        "/about.",
        "/about%20",
        "/about ",
        "/about..",
        "/assets/app.js.",
        "/assets/app.js%20",
        "/assets/dir./app.js",
        "/assets/dir%20/app.js",
        // signs that are no part of a path
        "/about?x",
        "/about#x",
        "/about#",
        "/assets/a?b",
        "/assets/a#/../admin",
        "/assets/a|b",
        "/assets/<a>",
        "/assets/\"a\"",
        "/assets/{a}",
        "/assets/a^b",
        "/assets/a`b",
        "/assets/[a]",
        "/about::$DATA",
    ] {
        assert!(!public(path), "{path:?}");
    }
}

#[test]
fn g7_nothing_is_public_without_a_word() {
    let none = PublicPaths::default();
    assert!(!none.contain("/") && !none.contain("/about"));
    for wrong in [
        "",
        "*",
        "/*x",
        "/a*",
        "about",
        "/a/../b",
        "//",
        "/a//b",
        "/a;b",
        "/%61",
        "/a/*/b",
        "http://a/",
        "/a?b",
        "/a/**",
    ] {
        let paths = PublicPaths::new([wrong]);
        for path in ["/", "/a", "/a/", "/a/b", "/about", "/x", "/a/x/b", wrong] {
            assert!(!paths.contain(path), "{wrong} made {path} public");
        }
    }
    let all = PublicPaths::new(["/*"]);
    assert!(all.contain("/anything/at/all") && !all.contain("/a/../b"));
}

#[test]
fn g7_our_own_routes_are_known_by_one_form() {
    for ours in ["/microsoft_sso", "/microsoft_sso/", "/microsoft_sso/login/", "/microsoft_sso/adfs/callback"] {
        assert!(is_ours(ours, PREFIX), "{ours}");
    }
    for not in [
        "/microsoft_ssox",
        "/Microsoft_sso/login/",
        "/microsoft_sso/../admin",
        "/microsoft_sso/%2e%2e/admin",
        "/microsoft_sso//login/",
        "/microsoft_sso;/login/",
        "/microsoft%5fsso/login/",
        "//microsoft_sso/login/",
        "/x/microsoft_sso/login/",
        "/",
        "",
    ] {
        assert!(!is_ours(not, PREFIX), "{not}");
    }
}

/// What the most helpful reader makes of a path: decodes as long as there is something to decode, takes backslashes for
/// slashes, cuts off what is behind semicolons and the ends that Windows drops, merges slashes and resolves dots.
fn most_helpful_reading(path: &str) -> Vec<String> {
    let mut bytes = path.as_bytes().to_vec();
    while let Some(at) =
        bytes.windows(3).position(|three| three[0] == b'%' && hex(three[1]).and(hex(three[2])).is_some())
    {
        let byte = hex(bytes[at + 1]).unwrap() << 4 | hex(bytes[at + 2]).unwrap();
        bytes.splice(at..at + 3, [byte]);
    }
    let text = String::from_utf8_lossy(&bytes).replace('\\', "/").replace('\0', "");
    let mut segments: Vec<String> = Vec::new();
    for segment in text.split('/') {
        let segment = segment.split(';').next().unwrap_or_default();
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            _ => segments.push(segment.trim_end_matches(['.', ' ']).to_owned()),
        }
    }
    segments
}

#[test]
fn g7_a_public_path_is_public_to_the_most_helpful_reader() {
    const PIECES: [&str; 20] = [
        "/", "assets", "about", "admin", "..", ".", "%2e", "%2F", "%5c", "\\", ";", ";x=1", "%00", "%20", "%25",
        "%252e", "%C3%BC", "%c0%ae", "x", "//",
    ];
    let (mut asked, mut open) = (0, 0);
    for number in 0..PIECES.len().pow(4) {
        let mut rest = number;
        let mut path = String::from("/");
        for _ in 0..4 {
            path.push_str(PIECES[rest % PIECES.len()]);
            rest /= PIECES.len();
        }
        for path in [path.clone(), format!("/assets{path}"), format!("{path}/about")] {
            asked += 1;
            if !public(&path) {
                continue;
            }
            open += 1;
            let reading = most_helpful_reading(&path);
            let is_public = match reading.iter().map(String::as_str).collect::<Vec<_>>()[..] {
                [] | ["about" | "café"] => true,
                [first, ..] => first == "assets",
            };
            assert!(is_public, "{path} was let through and can be read as {reading:?}");
        }
    }
    assert!(open > 1000 && open < asked / 10, "{open} of {asked}");
}
