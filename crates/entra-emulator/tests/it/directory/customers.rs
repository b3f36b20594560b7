//! Tenants for customers, in TOML and in what must hold.

use entra_emulator::{App, Audience, Directory, Emulator, PolicyClaim, TenantKind, User, UserFlowKind, UserKind, seed};

const TOML: &str = r#"
[[tenant]]
id = "aaaaaaaa-0000-4000-8000-00000000b2c0"
name = "Tailspin Toys"
b2c = "tailspintoys"
query_endpoints = true
custom_domain = "login.tailspin.example"

[[tenant.user_flow]]
name = "B2C_1_in"
kind = "sign_up_or_sign_in"
policy_claim = "acr"
policy_in_issuer = true
tenant_claim = true
logout_needs_id_token = true

[[tenant.user_flow]]
name = "B2C_1_forgot"
kind = "reset_password"

[[tenant]]
id = "aaaaaaaa-0000-4000-8000-00000000c1a0"
name = "Tailspin Club"
external_id = "tailspinclub"

[[user]]
id = "bbbbbbbb-0000-4000-8000-0000000000b1"
tenant = "tailspintoys.onmicrosoft.com"
upn = "ivy@mail.example"
name = "Ivy Fox"
identity_provider = "live.com"
"#;

#[test]
fn they_are_read() {
    let directory = Directory::from_toml(TOML).expect("a directory");
    let toys = directory.tenant("TailspinToys.onmicrosoft.com").expect("a domain by default");
    let b2c = toys.as_b2c().expect("a B2C tenant");
    assert!(b2c.query_endpoints && b2c.name == "tailspintoys");
    assert_eq!(b2c.custom_domain.as_deref(), Some("login.tailspin.example"));
    let flow = b2c.flow("b2c_1_IN").expect("without case");
    assert_eq!((flow.kind, flow.policy_claim), (UserFlowKind::SignUpOrSignIn, PolicyClaim::Acr));
    assert!(flow.policy_in_issuer && flow.tenant_claim && flow.logout_needs_id_token);
    assert_eq!(b2c.flow("B2C_1_forgot").expect("the second").kind, UserFlowKind::ResetPassword);
    let club = directory.tenant("tailspinclub.onmicrosoft.com").expect("a tenant");
    assert_eq!(club.kind, TenantKind::ExternalId { subdomain: "tailspinclub".to_owned() });
    let ivy = directory.user("ivy@mail.example").expect("a user");
    let kind = UserKind::Customer {
        signs_in_as: "ivy@mail.example".to_owned(),
        identity_provider: Some("live.com".to_owned()),
    };
    assert_eq!((&ivy.kind, ivy.mail.as_deref()), (&kind, Some("ivy@mail.example")));
    assert_eq!(ivy.upn, "bbbbbbbb-0000-4000-8000-0000000000b1@tailspintoys.onmicrosoft.com");
}

#[test]
fn mistakes_are_named_with_their_line() {
    let rows = [
        (
            "b2c = \"tailspintoys\"",
            "b2c = \"x\"\nexternal_id = \"y\"",
            "line 5: b2c: the tenant is external_id already",
        ),
        (
            "b2c = \"tailspintoys\"\nquery_endpoints = true\ncustom_domain = \"login.tailspin.example\"\n",
            "domains = []\n",
            "user_flow: only a tenant with `b2c`",
        ),
        ("kind = \"reset_password\"", "kind = \"reset\"", "line 19: unknown variant `reset`"),
        ("policy_claim = \"acr\"", "policy_claim = \"amr\"", "line 12: unknown variant `amr`"),
        ("B2C_1_forgot", "forgot", "tenant Tailspin Toys, user_flow: \"forgot\" is not a user flow's name"),
        ("B2C_1_forgot", "b2c_1_in", "tenant Tailspin Toys, user_flow: \"b2c_1_in\" is taken"),
        ("B2C_1_forgot", "B2C_1/forgot", "is not a user flow's name"),
        ("\"tailspinclub\"", "\"Tailspin.Club\"", "external_id: \"tailspin.club\" cannot be the first part"),
        ("tenant = \"tailspintoys.onmicrosoft.com\"", "personal = true", "line 31: identity_provider: only customers"),
    ];
    super::mistakes(TOML, &rows);
}

#[tokio::test]
async fn customers_and_their_applications_stay_in_their_tenants() {
    let emulator = Emulator::start().await.expect("it starts");
    let stray = User::customer("bbbbbbbb-0000-4000-8000-0000000000b2", seed::CONTOSO, "x.example", "x@y.example", "X");
    let error = emulator.directory().add_user(stray).expect_err("refused").to_string();
    assert!(error.contains("a customer belongs to"), "{error}");
    let app =
        App::new("dddddddd-0000-4000-8000-0000000000b2", seed::B2C_TENANT, "Wide").audience(Audience::MultiTenant);
    let error = emulator.directory().add_app(app).expect_err("refused").to_string();
    assert!(error.contains("is for one tenant"), "{error}");
}

#[test]
fn those_of_the_readme_load() {
    let readme = include_str!("../../../README.md");
    let section = &readme[readme.find("### Customers").expect("a section")..];
    let start = section.find("```toml\n").expect("a TOML block") + "```toml\n".len();
    let end = section[start..].find("```").expect("its end") + start;
    let directory = Directory::from_toml(&section[start..end]).expect("a directory");
    assert_eq!((directory.tenants.len(), directory.users.len(), directory.apps.len()), (2, 2, 1));
}
