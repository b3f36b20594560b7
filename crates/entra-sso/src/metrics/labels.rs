//! The closed sets of values that labels have.

/// An enum whose variants are the values of one label.
macro_rules! label {
    ($($(#[$doc:meta])* $name:ident { $($variant:ident $text:literal,)+ })+) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, Copy, PartialEq, Eq)]
            pub(crate) enum $name {
                $($variant,)+
            }

            impl $name {
                pub(crate) const VALUES: &[&str] = &[$($text,)+];

                pub(crate) const fn as_str(self) -> &'static str {
                    match self {
                        $($name::$variant => $text,)+
                    }
                }
            }
        )+
    };
}

label! {
    /// What a browser is sent away for.
    Started {
        SignIn "sign_in",
        ResetPassword "reset_password",
        EditProfile "edit_profile",
    }

    /// How a sign-in ended.
    SignIn {
        SignedIn "signed_in",
        NewUser "new_user",
        Denied "denied",
        Failed "failed",
        Restarted "restarted",
        Elsewhere "elsewhere",
    }

    /// What became of a refresh.
    Refresh {
        Refreshed "refreshed",
        SignedOut "signed_out",
        Failed "failed",
        NotStored "not_stored",
    }

    /// What a refresh was for.
    Wanted {
        SignIn "sign_in",
        Api "api",
    }

    /// What became of a request to Microsoft, Graph or another provider.
    Upstream {
        Ok "ok",
        Redirected "3xx",
        Refused "4xx",
        TooMany "429",
        ServerError "5xx",
        Connect "connect",
        Timeout "timeout",
        Tls "tls",
        TooLarge "too_large",
        Other "other",
    }

    /// What became of a fetch of keys.
    Fetch {
        Ok "ok",
        Failed "failed",
    }

    /// What a store was asked.
    StoreOperation {
        Create "create",
        Load "load",
        Replace "replace",
        Touch "touch",
        Recheck "recheck",
        Delete "delete",
        Find "find",
        Mark "mark",
        Forget "forget",
    }

    /// What a store said.
    StoreOutcome {
        Ok "ok",
        Absent "absent",
        Conflict "conflict",
        Error "error",
    }

    /// Why a session ended.
    Ended {
        SignOut "sign_out",
        Everywhere "everywhere",
        FrontChannel "front_channel",
        BackChannel "back_channel",
        Application "application",
        RefreshRefused "refresh_refused",
        TokenOver "token_over",
        UserGone "user_gone",
        Replaced "replaced",
    }

    /// How somebody signed out.
    SignOut {
        Browser "browser",
        Everywhere "everywhere",
        FrontChannel "front_channel",
        BackChannel "back_channel",
        Application "application",
    }

    /// Who asked for too many sign-outs that nobody proves.
    OverBudget {
        Sid "sid",
        Peer "peer",
    }
}
