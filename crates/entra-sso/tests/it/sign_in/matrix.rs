//! I11: {member, guest, personal account, foreign tenant} × {token e-mail, Graph mail, UPN} × `xms_edov` {absent, 0, 1, "true"}
//! × {domain, staff, superuser, `unique_email`, invitation}, through the whole sign-in.

use entra_emulator::{Endpoint, Fault, seed};
use entra_sso::{Settings, settings::Access};
use serde_json::{Value, json};

use crate::app::App;

const ADDRESS: &str = "boss@headquarters.example";

#[derive(Clone, Copy, Debug, PartialEq)]
enum Who {
    Member,
    Guest,
    Personal,
    Foreign,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Source {
    Token,
    GraphMail,
    Upn,
}

/// What looks at the address.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Rule {
    Domain,
    Lists,
    UniqueEmail,
    Invitation,
}

impl Who {
    fn address(self) -> &'static str {
        match self {
            Who::Member => seed::ALEX,
            Who::Guest => seed::MEGAN,
            Who::Personal => seed::PAT,
            Who::Foreign => seed::DIEGO,
        }
    }

    /// An application whose trusted tenant is Contoso.
    async fn app(self, rule: Rule) -> App {
        match self {
            Who::Member | Who::Guest => App::with(|settings| rule.set(settings)).await,
            Who::Personal | Who::Foreign => {
                App::of_tenant("common", |settings, _| {
                    settings.allow_any_tenant = true;
                    settings.personal_accounts = Some(Access::Allow);
                    settings.trusted_email_tenants = vec![seed::CONTOSO.to_owned()];
                    settings.allowable_domains = Some(vec!["*".to_owned()]);
                    rule.set(settings);
                })
                .await
            }
        }
    }
}

impl Rule {
    fn set(self, settings: &mut Settings) {
        match self {
            Rule::Domain => settings.allowable_domains = Some(vec!["headquarters.example".to_owned()]),
            Rule::Lists => {
                settings.staff_list = vec![ADDRESS.to_owned()];
                settings.superuser_list = vec![ADDRESS.to_owned()];
            }
            Rule::UniqueEmail => settings.unique_email = true,
            Rule::Invitation => settings.auto_create_users = false,
        }
    }

    /// Whether the address made the difference that this rule makes.
    async fn decided(self, app: &App, who: Who) -> bool {
        let browser = app.browser();
        app.sign_in(&browser, who.address()).await;
        match self {
            Rule::Domain => app.who(&browser).await != "nobody",
            Rule::Lists => match app.rights(&browser).await.as_str() {
                "staff=true superuser=true backend=none" => true,
                "staff=false superuser=false backend=none" => false,
                other => panic!("{who:?}: {other}"),
            },
            Rule::UniqueEmail | Rule::Invitation => app.who(&browser).await == "prepared",
        }
    }
}

/// Only this source has the address.
fn say(app: &App, source: Source, edov: Option<&Value>) {
    let faults = app.emulator.faults();
    faults.clear();
    let only = |wanted: Source| (source == wanted).then(|| json!(ADDRESS));
    faults.always(match only(Source::Token) {
        Some(address) => Fault::Claim("email".to_owned(), address),
        None => Fault::NoClaim("email".to_owned()),
    });
    faults.always(match edov {
        Some(word) => Fault::Claim("xms_edov".to_owned(), word.clone()),
        None => Fault::NoClaim("xms_edov".to_owned()),
    });
    faults.always(Fault::Member(Endpoint::Me, "mail".to_owned(), only(Source::GraphMail)));
    if source == Source::Upn {
        faults.always(Fault::Member(Endpoint::Me, "userPrincipalName".to_owned(), Some(json!(ADDRESS))));
        faults.always(Fault::Claim("upn".to_owned(), json!(ADDRESS)));
    }
}

fn is_trusted(who: Who, source: Source, edov: Option<&Value>, rule: Rule) -> bool {
    let is_vouched_for = source == Source::Token && edov.is_some_and(|word| *word != json!(0));
    match rule {
        Rule::Invitation => who == Who::Member && source == Source::Upn,
        _ => who == Who::Member || is_vouched_for,
    }
}

async fn all_of(rule: Rule) {
    for who in [Who::Member, Who::Guest, Who::Personal, Who::Foreign] {
        let app = who.app(rule).await;
        for source in [Source::Token, Source::GraphMail, Source::Upn] {
            for edov in [None, Some(json!(0)), Some(json!(1)), Some(json!("true"))] {
                app.forget_everybody().await;
                app.prepare("prepared", |user| {
                    user.email = (rule == Rule::UniqueEmail).then(|| ADDRESS.to_owned());
                    user.invitation = (rule == Rule::Invitation).then(|| ADDRESS.to_owned());
                })
                .await;
                say(&app, source, edov.as_ref());
                let decided = rule.decided(&app, who).await;
                let expected = is_trusted(who, source, edov.as_ref(), rule);
                assert_eq!(decided, expected, "{who:?} {source:?} xms_edov {edov:?} {rule:?}");
            }
        }
    }
}

#[tokio::test]
async fn i11_domain() {
    all_of(Rule::Domain).await;
}

#[tokio::test]
async fn i11_staff_and_superuser() {
    all_of(Rule::Lists).await;
}

#[tokio::test]
async fn i11_unique_email() {
    all_of(Rule::UniqueEmail).await;
}

#[tokio::test]
async fn i11_invitation() {
    all_of(Rule::Invitation).await;
}
