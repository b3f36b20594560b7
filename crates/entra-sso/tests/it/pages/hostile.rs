//! Z6: whatever somebody else wrote is text: names, addresses, parameters, Microsoft's and a hook's words, settings, catalogues.
//!
//! A page with a hostile word has the same tags and attributes as one with a harmless word.

use entra_emulator::{Emulator, Endpoint, ErrorAnswer, Fault, seed};
use entra_sso::{Catalogue, EntraSso, HookError, SignInHooks, SigningIn};
use http::Request;
use serde_json::{Value, json};

use crate::app::App;

const PLAIN: &str = "plain";
const HOSTILE: [&str; 9] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "\" onfocus=alert(1) autofocus x=\"",
    "</style></title></p><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}<b>",
    "<!--<a href=javascript:alert(1)>",
    "]]><?x <math><mtext><style>",
    "\u{202e}\u{feff}<\u{ff1c}b>&lt;b&gt;",
];

/// The tags of a page and the names of their attributes, in order.
fn structure(page: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut tag: Option<String> = None;
    let mut quote = None;
    for letter in page.chars() {
        match (&mut tag, quote) {
            (None, _) if letter == '<' => tag = Some(String::new()),
            (Some(_), Some(open)) if letter == open => quote = None,
            (None, _) | (Some(_), Some(_)) => {}
            (Some(_), None) if letter == '"' || letter == '\'' => quote = Some(letter),
            (Some(_), None) if letter == '>' => tags.extend(tag.take()),
            (Some(name), None) => name.push(letter),
        }
    }
    assert!(tag.is_none(), "a tag or an attribute is not closed: {page}");
    tags
}

#[test]
fn the_structure_of_a_page_shows_what_broke_out() {
    let of = |word: &str| structure(&format!("<p title=\"{word}\">{word}</p>"));
    for word in [HOSTILE[0], HOSTILE[1], HOSTILE[3], HOSTILE[4]] {
        let result = std::panic::catch_unwind(|| of(word));
        assert!(result.is_err() || result.unwrap() != of(PLAIN), "{word}");
    }
    assert_eq!(of("&lt;b&gt; &quot;"), of(PLAIN));
}

fn encoded(word: &str) -> String {
    word.bytes().fold(String::new(), |text, byte| text + &format!("%{byte:02X}"))
}

/// Everything that a stranger can put a word into.
fn addresses(word: &str) -> Vec<String> {
    let word = encoded(word);
    let below = [
        format!("?next={word}"),
        format!("?next=/{word}"),
        format!("?{word}={word}"),
        format!("callback/?code={word}&state={word}"),
        format!("callback/?code={word}&state={word}&state={word}"),
        format!("callback/?error={word}&error_description={word}&error_uri={word}&state={word}"),
        format!("callback/?{word}"),
        format!("login/?step={word}&next=/x"),
        format!("partners/callback/?code={word}&state={word}&iss={word}"),
        format!("logout/?next={word}"),
        format!("front_channel_logout/?sid={word}&iss={word}"),
        format!("picture/{word}"),
        format!("{word}/login/"),
    ];
    below.map(|path| format!("/microsoft_sso/{path}")).into()
}

/// An application that has `word` wherever its settings take a text.
async fn app_that_says(word: &str) -> App {
    let text = serde_json::to_string(word).unwrap();
    let tables = format!(
        "text = {text}\n[[provider]]\nname = \"partners\"\noidc_authority = \"https://fs.partner.example/adfs\"\n\
         client_id = \"portal\"\nclient_secret = \"a long secret of the partners\"\ntext = {text}\n\
         [[site]]\ndomain = \"127.0.0.1\"\ntext = {text}\n"
    );
    App::of(Emulator::env, &tables, |_, _| {}).await
}

/// The structure of each page that a stranger can open.
async fn pages_of_strangers(app: &App, word: &str) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    for host in [app.at(""), app.at("").replacen("localhost", "127.0.0.1", 1)] {
        for path in addresses(word) {
            let page = app.browser().get_once(format!("{host}{path}")).await.unwrap();
            assert_ne!(page.status, 500, "{path}");
            pages.push(structure(&page.body));
        }
    }
    for snippet in [app.sso.button(word), app.sso.buttons(&format!("/{word}")), app.sso.sign_out_form_in(word)] {
        pages.push(structure(&snippet));
    }
    pages
}

#[tokio::test]
async fn z6_what_strangers_and_settings_say_is_text() {
    // A word can lead to another of our pages than a plain one, and to no page that is not ours.
    let expected = pages_of_strangers(&app_that_says(PLAIN).await, PLAIN).await;
    for word in HOSTILE {
        let found = pages_of_strangers(&app_that_says(word).await, word).await;
        for (index, page) in found.iter().enumerate() {
            assert!(expected.contains(page), "{word}: page {index}: {page:?}");
        }
    }
}

#[tokio::test]
async fn z6_json_stays_json() {
    let app = app_that_says(PLAIN).await;
    for word in HOSTILE {
        for path in addresses(word) {
            let answer = app.send(Request::get("/").header("accept", "application/json"), &path, "").await;
            let content = answer.headers().get("content-type").map(|value| value.to_str().unwrap().to_owned());
            if content.as_deref() == Some("application/json") {
                let body: Value = serde_json::from_slice(answer.body()).expect("JSON");
                assert!(!body.to_string().contains("alert"), "{path}: nothing of the request comes back: {body}");
            }
            let location = answer.headers().get("location").map(|value| value.to_str().unwrap().to_owned());
            let location = location.unwrap_or_default();
            assert!(!location.contains(['<', '>', '"', '\'', ' ']), "{path}: {location}");
        }
    }
}

/// Signs in somebody who is called so everywhere, and opens what he sees.
async fn pages_of_users(word: &str) -> Vec<Vec<String>> {
    let app = App::start().await;
    for claim in ["name", "given_name", "family_name", "preferred_username", "upn", "email", "acct"] {
        app.emulator.faults().always(Fault::Claim(claim.to_owned(), json!(word)));
    }
    for member in ["displayName", "givenName", "surname", "mail", "userPrincipalName", "preferredLanguage"] {
        app.emulator.faults().always(Fault::Member(Endpoint::Me, member.to_owned(), Some(json!(word))));
    }
    let browser = app.browser();
    app.sign_in(&browser, seed::ADELE).await;
    assert_ne!(app.who(&browser).await, "nobody", "{word}");
    let sign_out = browser.get(app.at("/microsoft_sso/logout/")).await.unwrap();
    assert!(sign_out.body.contains("<form"), "{word}: {}", sign_out.body);
    let admin = browser.get(app.at("/admin/")).await.unwrap();
    assert_eq!(admin.status, 403);
    [sign_out, admin].map(|page| structure(&page.body)).into()
}

#[tokio::test]
async fn z6_what_users_are_called_is_text() {
    let expected = pages_of_users(PLAIN).await;
    for word in HOSTILE {
        assert_eq!(pages_of_users(word).await, expected, "{word}");
    }
}

/// A refusal in the application's words.
struct Says(String);

impl SignInHooks for Says {
    async fn pre_validate(&self, _: &SigningIn<'_>) -> Result<(), HookError> {
        Err(HookError::denied(self.0.clone()))
    }
}

/// On the login page, on a page of its own, and in JSON.
async fn denied(word: &str, messages: bool) -> Vec<String> {
    let hooks = Says(word.to_owned());
    let app = App::plugged(|settings| settings.enable_messages = messages, |builder| builder.hooks(hooks)).await;
    let browser = app.browser();
    let page = app.sign_in(&browser, seed::ADELE).await;
    assert_eq!(page.body.contains("class=\"message error\""), messages, "{word}: {}", page.body);
    let callback = app.callback_of(&browser, "/private", seed::ADELE).await;
    let request = Request::get("/").header("accept", "application/json").header("cookie", app.cookies(&browser));
    let answer = app.send(request, &callback[app.url.len()..], "").await;
    let json: Value = serde_json::from_slice(answer.body()).expect("JSON");
    assert_eq!(json["message"], word, "as it was said");
    structure(&page.body)
}

#[tokio::test]
async fn z6_what_a_hook_says_is_text() {
    for messages in [true, false] {
        let expected = denied(PLAIN, messages).await;
        for word in HOSTILE {
            assert_eq!(denied(word, messages).await, expected, "{word}");
        }
    }
}

/// The page about what Microsoft refuses.
async fn refused(number: u32, word: &str) -> Vec<String> {
    let app = App::start().await;
    app.emulator.faults().always(Fault::AuthorizeError(ErrorAnswer::new("access_denied", number, word)));
    structure(&app.sign_in(&app.browser(), seed::ADELE).await.body)
}

#[tokio::test]
async fn z6_what_microsoft_says_is_text() {
    for number in [65001, 50105, 90036] {
        let expected = refused(number, PLAIN).await;
        for word in HOSTILE {
            assert_eq!(refused(number, word).await, expected, "{number}: {word}");
        }
    }
}

/// An application whose every text is the word.
async fn in_words(word: &str) -> Vec<Vec<String>> {
    let english: Vec<String> = Catalogue::german().missing().map(str::to_owned).collect();
    assert!(english.is_empty(), "German has all names");
    let names = Catalogue::GERMAN.lines().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name);
    let text = serde_json::to_string(word).unwrap();
    let toml = names.fold(String::new(), |toml, name| toml + &format!("{name} = {text}\n"));
    let catalogue = Catalogue::from_toml("en", &toml).expect("any text is a text");
    let app = App::plugged(|_| {}, |builder| builder.catalogue(catalogue)).await;
    let browser = app.browser();
    let mut pages = Vec::new();
    for path in ["", "callback/?code=x&state=y", "callback/?code=x&state=y&state=z", "logout/", "no/such/page"] {
        let page = browser.get(app.at(&format!("/microsoft_sso/{path}"))).await.unwrap();
        pages.push(structure(&page.body));
    }
    pages.push(structure(&app.sso.buttons("/")));
    pages
}

#[tokio::test]
async fn z6_what_a_catalogue_says_is_text() {
    let expected = in_words(PLAIN).await;
    for word in HOSTILE.iter().filter(|word| !word.contains('{')) {
        assert_eq!(in_words(word).await, expected, "{word}");
    }
}

/// A logo is a path here or an https address: anything else stops the start, and what is left is escaped.
#[tokio::test]
async fn z6_a_logo_is_an_address() {
    let emulator = Emulator::builder().start().await.unwrap();
    for logo in
        ["javascript:alert(1)", "data:image/svg+xml,<svg onload=alert(1)>", "//evil.example/x", "http://x.example/"]
    {
        let mut settings = entra_sso::settings::Sources::new().vars(emulator.env()).read().unwrap();
        settings.logo_url = Some(logo.to_owned());
        let refused = EntraSso::builder(settings).build().err().unwrap_or_else(|| panic!("{logo} is a logo"));
        assert!(refused.findings().iter().any(|finding| finding.id == "sso.E047"), "{logo}: {refused}");
    }
    for word in HOSTILE {
        for logo in [format!("/{word}"), format!("https://cdn.example/{word}"), format!("https://cdn.example/?{word}")]
        {
            let mut settings = entra_sso::settings::Sources::new().vars(emulator.env()).read().unwrap();
            settings.logo_url = Some(logo.clone());
            // Refused, or shown as what it is.
            if EntraSso::builder(settings).build().is_ok() {
                let app = App::with(|settings| settings.logo_url = Some(logo.clone())).await;
                let page = app.browser().get(app.at("/microsoft_sso/")).await.unwrap();
                let plain = App::with(|settings| settings.logo_url = Some("/plain".to_owned())).await;
                let expected = plain.browser().get(plain.at("/microsoft_sso/")).await.unwrap();
                assert_eq!(structure(&page.body), structure(&expected.body), "{logo}");
                assert!(!page.header("content-security-policy").unwrap().contains("alert"), "{logo}");
            }
        }
    }
}
