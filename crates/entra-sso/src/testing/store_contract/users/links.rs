//! F-44 and F-48: accounts for users who were there before, and invitations.

use entra_oidc::AccountKey;

use super::{CROWD, Contract, entra_key, new_user, with_account};
use crate::users::{
    Created, Link, Linked, MicrosoftAccount, NewUser, Picture, TrustedAddress, User, UserId, UserLookup, UserStore,
};

impl<T: UserStore> Contract<T> {
    pub(super) async fn links_an_account_once(&self) {
        let (user, key) = (self.create_new(invited("link")).await, entra_key());
        let account = MicrosoftAccount {
            user_principal_name: Some("adele@contoso.example".to_owned()),
            locale: Some("de-DE".to_owned()),
            has_picture: true,
            ..MicrosoftAccount::new(key.clone())
        };
        let linked = self.link(Link::new(user.id.clone(), account.clone())).await;
        let account = MicrosoftAccount { has_picture: false, ..account };
        let expected = User { invitation: None, account: Some(account), ..user.clone() };
        assert_eq!(linked, Linked::Yes(expected.clone()), "link: account, and the invitation is used up");
        assert_eq!(self.find(UserLookup::Account(key.clone())).await, Some(expected.clone()), "find by linked account");
        match self.create(with_account(&key)).await {
            Created::Existing(found) => assert_eq!(found, expected, "create: the linked user is the account's"),
            other => panic!("create: a linked account made another user: {other:?}"),
        }

        let other = self.create_new(new_user()).await;
        for (link, expected, what) in [
            (link(&user.id, &entra_key()), Linked::Taken, "the user has an account"),
            (link(&other.id, &key), Linked::Taken, "the account has a user"),
            (link(&UserId::random(), &entra_key()), Linked::Gone, "there is no such user"),
        ] {
            assert_eq!(self.link(link).await, expected, "link: {what}");
        }
        assert_eq!(self.find(UserLookup::Id(other.id.clone())).await.as_ref(), Some(&other), "link: nothing changed");

        let picture = Picture::new("image/png", &b"\x89PNG"[..]).expect("a type that is served");
        let with_picture = Link { picture: Some(picture.clone()), ..link(&other.id, &entra_key()) };
        let Linked::Yes(linked) = self.link(with_picture).await else { panic!("link: a user without an account") };
        assert!(linked.account.is_some_and(|account| account.has_picture), "link: has_picture");
        assert_eq!(self.picture(&other.id).await, Some(picture), "picture after link");
    }

    pub(super) async fn links_one_of_a_crowd(&self) {
        let (user, key) = (self.create_new(new_user()).await, entra_key());
        let links = self.crowd(CROWD, |store, _| store.link_once(link(&user.id, &entra_key()))).await;
        assert_eq!(yes(&links), 1, "link: {CROWD} accounts for one user at the same time");

        let mut users = Vec::new();
        for _ in 0..CROWD {
            users.push(self.create_new(new_user()).await.id);
        }
        let links = self.crowd(CROWD, |store, number| store.link_once(link(&users[number], &key))).await;
        assert_eq!(yes(&links), 1, "link: one account for {CROWD} users at the same time");

        let (user, key) = (self.create_new(new_user()).await.id, entra_key());
        let both = self.crowd(2, |store, number| store.link_or_create(number == 0, user.clone(), key.clone())).await;
        assert_eq!(
            both.iter().filter(|it_is_his| **it_is_his).count(),
            1,
            "link and create: one account is one user's"
        );
    }

    pub(super) async fn knows_invitations(&self) {
        let invitation = |name: &str| UserLookup::Invitation(TrustedAddress::for_tests(name).expect("an address"));
        let new = invited("first");
        let upn = new.invitation.clone().expect("invited");
        let first = self.create_new(new).await;
        assert_eq!(first.invitation.as_ref(), Some(&upn), "create: an invitation");
        assert_eq!(self.find(invitation(&upn)).await.as_ref(), Some(&first), "find by invitation");

        let second = self.create_new(NewUser { invitation: Some(upn.clone()), ..new_user() }).await;
        assert_eq!(second.invitation, None, "create: an invitation is one user's");
        assert_eq!(self.find(invitation(&upn)).await.as_ref(), Some(&first), "find by invitation: the first one");

        let arrived = NewUser { invitation: Some(format!("x{upn}")), ..with_account(&entra_key()) };
        let arrived = self.create_new(arrived).await;
        assert_eq!(arrived.invitation, None, "create: who has an account needs no invitation");

        assert!(matches!(self.link(link(&first.id, &entra_key())).await, Linked::Yes(_)), "link: an invited user");
        assert_eq!(self.find(invitation(&upn)).await, None, "find by invitation: it is used up");
        let again = self.create_new(NewUser { invitation: Some(upn.clone()), ..new_user() }).await;
        assert_eq!(again.invitation, Some(upn), "create: an invitation that was used up is free");
    }

    /// Whether the account became this caller's user's.
    async fn link_or_create(self, is_link: bool, user: UserId, key: AccountKey) -> bool {
        if is_link {
            matches!(self.link(link(&user, &key)).await, Linked::Yes(_))
        } else {
            matches!(self.create(with_account(&key)).await, Created::New(_))
        }
    }

    async fn link_once(self, link: Link) -> Linked {
        self.link(link).await
    }
}

fn invited(name: &str) -> NewUser {
    NewUser { invitation: Some(format!("{name}-{}@contoso.example", UserId::random())), ..new_user() }
}

fn link(user: &UserId, key: &AccountKey) -> Link {
    Link::new(user.clone(), MicrosoftAccount::new(key.clone()))
}

fn yes(links: &[Linked]) -> usize {
    links.iter().filter(|linked| matches!(linked, Linked::Yes(_))).count()
}
