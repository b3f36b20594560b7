//! Values that Microsoft or an application may send: nothing of them is lost, and none is an error.

use entra_oidc::{AccountKey, AccountKind};

use super::{Contract, entra_key, new_user, with_account};
use crate::users::{Change, MicrosoftAccount, NewUser, Picture, User, UserId, UserLookup, UserStore, UserUpdate};

impl<T: UserStore> Contract<T> {
    pub(super) async fn keeps_odd_values(&self) {
        for value in [
            "x".repeat(35),
            "x".repeat(300),
            "Ü".repeat(5_000),
            "👩‍👩‍👧‍👦 \u{202e}Ádele\u{301} ﷽ 名前".to_owned(),
            "'; DROP TABLE user; -- $1 ?1 %_\\\"\u{1}\u{7f}\r\n\t".to_owned(),
            " ".to_owned(),
            String::new(),
        ] {
            let new = NewUser {
                first_name: value.clone(),
                last_name: value.clone(),
                account: Some(MicrosoftAccount {
                    user_principal_name: Some(value.clone()),
                    locale: Some(value.clone()),
                    ..MicrosoftAccount::new(entra_key())
                }),
                ..new_user()
            };
            let user = self.create_new(new.clone()).await;
            assert_eq!(user, new.into_user(user.id.clone(), user.username.clone()), "create: {value:?}");
            let plain = self.create_new(with_account(&entra_key())).await;
            let update = UserUpdate {
                first_name: Some(value.clone()),
                last_name: Some(value.clone()),
                locale: Change::Set(value.clone()),
                ..UserUpdate::of(plain.id.clone())
            };
            let mut expected = plain;
            update.apply_to(&mut expected);
            assert_eq!(self.change(update).await.into_user().as_ref(), Some(&expected), "update: {value:?}");
            assert_eq!(self.find(UserLookup::Id(expected.id.clone())).await, Some(expected), "find: {value:?}");
        }
        let name = format!("{}-👩‍👩‍👧‍👦-{}", "x".repeat(300), UserId::random());
        let named = self.create_new(NewUser { username: name.clone(), ..new_user() }).await;
        assert_eq!(named.username, name, "create: a username of more than 300 characters");
        let large = Picture::new("image/jpeg", vec![0xff; 4 << 20]).expect("a type that is served");
        let user = self.create_new(NewUser { picture: Some(large.clone()), ..with_account(&entra_key()) }).await;
        assert!(self.picture(&user.id).await == Some(large), "picture: 4 MiB");
    }

    /// Not every database has the character. It is kept or left out of what is for showing, and no id and no account is
    /// another one's because of it.
    pub(super) async fn leaves_nul_out(&self) {
        let random = UserId::random();
        let new = NewUser {
            username: format!("nul\0-{random}"),
            email: Some(format!("nul\0@{random}.example")),
            first_name: "A\0dele".to_owned(),
            last_name: "\0".to_owned(),
            account: Some(MicrosoftAccount {
                user_principal_name: Some("ade\0le".to_owned()),
                locale: Some("\0de".to_owned()),
                ..MicrosoftAccount::new(entra_key())
            }),
            ..new_user()
        };
        let user = self.create_new(new.clone()).await;
        let expected = new.into_user(user.id.clone(), format!("nul\0-{random}"));
        assert_eq!(without_nul(user.clone()), without_nul(expected), "create: texts with NUL characters");
        let update = UserUpdate {
            email: Change::Set("nul\0@contoso.example".to_owned()),
            unique_email: true,
            first_name: Some("Me\0gan".to_owned()),
            ..UserUpdate::of(user.id.clone())
        };
        let changed = self.change(update).await.into_user().expect("update: he exists");
        assert_eq!(without_nul(changed).first_name, "Megan", "update: texts with NUL characters");

        let id = format!("{}\0", user.id);
        assert_eq!(self.find(UserLookup::Id(UserId::new(&id))).await, None, "find: an id with a NUL character");
        let key = user.account.expect("create: an account").key;
        let key = AccountKey::new(AccountKind::Entra, key.tenant(), format!("{}\0", key.subject()));
        assert_eq!(self.find(UserLookup::Account(key)).await, None, "find: an account with a NUL character");
    }
}

fn without_nul(mut user: User) -> User {
    let clean = |text: &mut String| text.retain(|letter| letter != '\0');
    [&mut user.username, &mut user.first_name, &mut user.last_name].into_iter().for_each(clean);
    user.email.iter_mut().for_each(clean);
    if let Some(account) = &mut user.account {
        account.user_principal_name.iter_mut().for_each(clean);
        account.locale.iter_mut().for_each(clean);
    }
    user
}
