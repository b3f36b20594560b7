//! L2: a sign-out comes from our own pages. Whatever else asks for one ends nothing.

use entra_emulator::seed;
use http::Request;

use super::LOGOUT;
use crate::app::App;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[tokio::test]
async fn l2_a_sign_out_from_elsewhere_is_refused_and_ends_nothing() {
    let app = App::with(|settings| settings.slo_enabled = true).await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let cookie = app.cookies(&browser);
    let own = app.url.as_str();
    let (other_port, other_scheme) = (format!("{own}0"), own.replace("http:", "https:"));
    let (subdomain, with_path) = (own.replace("localhost", "evil.localhost"), format!("{own}/"));
    let other_name = own.replace("localhost", "127.0.0.1");
    let site = "sec-fetch-site";
    for (name, headers) in [
        ("neither header", &[][..]),
        ("another site", &[(site, "cross-site")]),
        ("another site, whatever Origin says", &[(site, "cross-site"), ("origin", own)]),
        ("a sibling subdomain", &[(site, "same-site")]),
        ("a sibling subdomain with our Origin", &[(site, "same-site"), ("origin", own)]),
        ("typed into the address bar", &[(site, "none")]),
        ("an unknown word", &[(site, "Same-Origin")]),
        ("two words", &[(site, "same-origin, cross-site")]),
        ("an empty word", &[(site, "")]),
        ("said twice", &[(site, "same-origin"), (site, "cross-site")]),
        ("said twice, the other way round", &[(site, "cross-site"), (site, "same-origin")]),
        ("another origin", &[("origin", "https://evil.test")]),
        ("no origin to speak of", &[("origin", "null")]),
        ("an empty origin", &[("origin", "")]),
        ("another port", &[("origin", &other_port)]),
        ("another scheme", &[("origin", &other_scheme)]),
        ("another name of this machine", &[("origin", &other_name)]),
        ("a subdomain's origin", &[("origin", &subdomain)]),
        ("our address with a path", &[("origin", &with_path)]),
        ("two origins", &[("origin", own), ("origin", "https://evil.test")]),
        ("only a Referer", &[("referer", &with_path)]),
    ] {
        for body in ["", "everywhere=1"] {
            let request = headers
                .iter()
                .chain([&FORM])
                .fold(Request::post("/"), |request, (name, value)| request.header(*name, *value));
            let answer = app.send(request.header("cookie", &cookie), LOGOUT, body).await;
            assert_eq!(answer.status(), 403, "{name}");
            assert!(
                !answer.headers().contains_key("set-cookie") && !answer.headers().contains_key("location"),
                "{name}"
            );
            assert_eq!(app.who(&browser).await, "adele@contoso.example", "{name}");
        }
    }
}

/// A picture, a link, a prefetch: whatever the address says, a GET asks and ends nothing; other methods are none.
#[tokio::test]
async fn l2_what_is_no_post_ends_nothing() {
    let app = App::start().await;
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    let cookie = app.cookies(&browser);
    for (method, headers, expected) in [
        ("GET", &[("sec-fetch-site", "cross-site"), ("sec-fetch-dest", "image"), ("accept", "image/*")][..], 200),
        ("GET", &[("sec-fetch-site", "same-origin")], 200),
        ("GET", &[("sec-purpose", "prefetch")], 200),
        ("HEAD", &[("sec-fetch-site", "same-origin")], 200),
        ("PUT", &[("sec-fetch-site", "same-origin")], 405),
        ("DELETE", &[("sec-fetch-site", "same-origin")], 405),
        ("GET", &[("x-http-method-override", "POST"), ("sec-fetch-site", "same-origin")], 200),
    ] {
        let request = headers
            .iter()
            .fold(Request::builder().method(method), |request, (name, value)| request.header(*name, *value));
        let path = format!("{LOGOUT}?everywhere=1&sid=x&_method=POST");
        let answer = app.send(request.header("cookie", &cookie), &path, "").await;
        assert_eq!(answer.status(), expected, "{method} {headers:?}");
        assert!(!answer.headers().contains_key("set-cookie"), "{method} {headers:?}");
        assert_eq!(app.who(&browser).await, "adele@contoso.example", "{method} {headers:?}");
    }
}

#[tokio::test]
async fn l2_a_form_of_our_own_pages_signs_out_in_old_browsers_too() {
    for (name, headers) in [
        ("as browsers say it", &[("sec-fetch-site", "same-origin")][..]),
        ("as old ones do", &[("origin", "{own}")]),
        ("both", &[("sec-fetch-site", "same-origin"), ("origin", "{own}")]),
    ] {
        let app = App::start().await;
        let browser = app.browser();
        app.sign_in(&browser, seed::ADELE).await;
        let request = headers
            .iter()
            .fold(Request::post("/"), |request, (name, value)| request.header(*name, value.replace("{own}", &app.url)));
        let answer = app.send(request.header("cookie", app.cookies(&browser)), LOGOUT, "").await;
        assert_eq!(answer.status(), 303, "{name}");
        assert_eq!(app.who(&browser).await, "nobody", "{name}");
    }
}
