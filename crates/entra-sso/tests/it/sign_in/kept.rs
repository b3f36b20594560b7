//! F-42: what is kept of an account.

use entra_emulator::{Endpoint, seed};

use crate::app::App;

#[tokio::test]
async fn f42_off_keeps_the_key_alone_and_asks_for_no_photo() {
    for always in [false, true] {
        let app = App::with(|settings| {
            settings.save_basic_microsoft_info = false;
            settings.always_update_user_data = always;
        })
        .await;
        for _ in 0..2 {
            let browser = app.browser();
            let page = app.sign_in(&browser, seed::ADELE).await;
            assert_eq!(page.body, "OK user=adele@contoso.example");
            assert_eq!(browser.get(app.at("/picture")).await.unwrap().body, "none");
        }
        assert_eq!(app.asked(Endpoint::Photo), 0, "always={always}");
        let user = app.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap();
        assert_eq!(user.full_name(), "Adele Vance", "the name is the user's, not the account's");
        let account = user.account.unwrap();
        assert_eq!((account.user_principal_name, account.locale, account.has_picture), (None, None, false));
    }
}

/// The setting is changed between two sign-ins: two applications on one store.
#[tokio::test]
async fn f42_what_was_kept_before_goes_at_the_next_sign_in() {
    let before = App::start().await;
    before.sign_in(&before.browser(), seed::ADELE).await;
    let kept = before.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap().account.unwrap();
    assert!(kept.user_principal_name.is_some() && kept.locale.is_some() && kept.has_picture);
    let users = before.users.clone();
    let after =
        App::plugged(|settings| settings.save_basic_microsoft_info = false, |builder| builder.users(users.clone()))
            .await;
    let browser = after.browser();
    after.sign_in(&browser, seed::ADELE).await;
    let account = before.user(seed::CONTOSO, seed::ADELE_ID).await.unwrap().account.unwrap();
    assert_eq!((account.user_principal_name, account.locale, account.has_picture), (None, None, false));
    assert_eq!(browser.get(after.at("/picture")).await.unwrap().body, "none");
}
