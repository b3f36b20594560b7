//! The address the browser is sent to, for the kinds of authorities beside v2; and as a form post.

use entra_oidc::{AllowedTenants, Authority, EndSession, ManualClock, ResponseMode, Secret, SignInOptions};
use url::Url;

use crate::{
    microsoft::{Microsoft, builder, common},
    provider::recorded::{
        B2C_QUERY, EXTERNAL_ID, KEYS_B2C, KEYS_V1, V1_COMMON, V2_COMMON, b2c, external_id, v1_common,
    },
    sign_in::request::{START, fixed, lines},
    signer::recorded_keys,
};

fn client(authority: Authority, document: &str, keys: &str) -> entra_oidc::EntraClient {
    let document = serde_json::from_str(document).unwrap();
    let microsoft = Microsoft::publishing(&document, &recorded_keys(keys));
    let clock = ManualClock::at(START);
    builder(authority, &microsoft, &clock).allowed_tenants(AllowedTenants::Any).build().unwrap()
}

async fn ask(authority: Authority, document: &str, options: SignInOptions) -> String {
    lines(&client(authority, document, KEYS_V1).begin(options).await.unwrap().0)
}

#[tokio::test]
async fn the_address_for_v1() {
    insta::assert_snapshot!(ask(v1_common(), V1_COMMON, fixed()).await, @r#"
    https://login.microsoftonline.com/common/oauth2/authorize
    client_id = b6c69a37-df96-4db0-9088-2ab96e1d8215
    response_type = code
    redirect_uri = https://app.contoso.example/microsoft_sso/callback/
    response_mode = query
    scope = openid profile email
    state = the-state-that-was-sealed
    nonce = -F_UVA2Q11RfMp0XvQKKYCDsGpl0iJTNLEHBblJKlP8
    code_challenge = vF8pfWlwJ7zaC247c1mSN3Lmnsscw51jc5mYUVq_miI
    code_challenge_method = S256
    resource = https://graph.microsoft.com
    "#);
}

#[tokio::test]
async fn the_address_for_b2c() {
    let options = fixed().ui_locales("de").max_age(600).login_hint("robin@mail.example");
    insta::assert_snapshot!(ask(b2c(), B2C_QUERY, options).await, @r#"
    https://contoso.b2clogin.com/contoso.onmicrosoft.com/oauth2/v2.0/authorize
    p = b2c_1_susi
    client_id = b6c69a37-df96-4db0-9088-2ab96e1d8215
    response_type = code
    redirect_uri = https://app.contoso.example/microsoft_sso/callback/
    response_mode = query
    scope = openid profile email
    state = the-state-that-was-sealed
    nonce = -F_UVA2Q11RfMp0XvQKKYCDsGpl0iJTNLEHBblJKlP8
    code_challenge = vF8pfWlwJ7zaC247c1mSN3Lmnsscw51jc5mYUVq_miI
    code_challenge_method = S256
    login_hint = robin@mail.example
    ui_locales = de
    max_age = 600
    "#);
}

#[tokio::test]
async fn the_address_for_external_id() {
    insta::assert_snapshot!(ask(external_id(), EXTERNAL_ID, fixed()).await, @r#"
    https://contoso.ciamlogin.com/3c4d5e6f-7081-4293-a4b5-c6d7e8f90112/oauth2/v2.0/authorize
    client_id = b6c69a37-df96-4db0-9088-2ab96e1d8215
    response_type = code
    redirect_uri = https://app.contoso.example/microsoft_sso/callback/
    response_mode = query
    scope = openid profile email User.Read
    state = the-state-that-was-sealed
    nonce = -F_UVA2Q11RfMp0XvQKKYCDsGpl0iJTNLEHBblJKlP8
    code_challenge = vF8pfWlwJ7zaC247c1mSN3Lmnsscw51jc5mYUVq_miI
    code_challenge_method = S256
    "#);
}

#[tokio::test]
async fn the_address_for_a_form_post() {
    let text = ask(common(), V2_COMMON, fixed().response_mode(ResponseMode::FormPost)).await;
    assert!(text.contains("\nresponse_mode = form_post\n"), "{text}");
}

#[tokio::test]
async fn l5_an_id_token_goes_with_the_goodbye_unless_it_is_long() {
    let client = client(b2c(), B2C_QUERY, KEYS_B2C);
    let ask = |token: String| {
        let back = Url::parse("https://app.contoso.example/?x=1").unwrap();
        EndSession::new().post_logout_redirect_uri(back).id_token_hint(Secret::new(token))
    };
    assert!(!format!("{:?}", ask("canary".to_owned())).contains("canary"), "Z1");
    let address = client.end_session_url(ask("e30.e30.e30".to_owned())).await.unwrap();
    insta::assert_snapshot!(lines(&address), @r#"
    https://contoso.b2clogin.com/contoso.onmicrosoft.com/oauth2/v2.0/logout
    p = b2c_1_susi
    client_id = b6c69a37-df96-4db0-9088-2ab96e1d8215
    post_logout_redirect_uri = https://app.contoso.example/?x=1
    id_token_hint = e30.e30.e30
    "#);
    let long = client.end_session_url(ask("x".repeat(4097))).await.unwrap();
    assert!(!long.as_str().contains("id_token_hint"), "L5: {long}");
    assert!(long.as_str().contains("post_logout_redirect_uri"), "L5: {long}");
    let longest = client.end_session_url(ask("x".repeat(4096))).await.unwrap();
    assert!(longest.as_str().contains("id_token_hint"));
}
