//! Where metrics are served.

use crate::{
    errors::{Check, Finding},
    settings::Settings,
};

const SETTING: Option<&str> = Some("metrics_listen");

/// What the setting alone shows.
pub(super) fn check(settings: &Settings) -> Vec<Finding> {
    let public = settings.metrics_listen.filter(|address| !address.ip().is_loopback());
    let finding = |address| {
        let cause = format!("`metrics_listen` is {address}, which is not loopback.");
        Finding::new(Check::MetricsPublic, SETTING, cause)
    };
    public.map(finding).into_iter().collect()
}

/// What only the application's program knows: whether it can serve metrics (`has_feature`).
pub(super) fn built(settings: &Settings, has_feature: bool) -> Option<Finding> {
    let address = settings.metrics_listen.filter(|_| !has_feature)?;
    let cause = format!("`metrics_listen` is {address}, and entra-sso was built without the cargo feature `metrics`.");
    Some(Finding::new(Check::MetricsFeature, SETTING, cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(listen: Option<&str>) -> Settings {
        let mut settings = Settings::default();
        settings.metrics_listen = listen.map(|listen| listen.parse().expect("an address"));
        settings
    }

    #[test]
    fn metrics_are_for_loopback_and_for_programs_that_have_them() {
        for (listen, is_public) in [
            (None, false),
            (Some("127.0.0.1:9464"), false),
            (Some("127.9.9.9:0"), false),
            (Some("[::1]:9464"), false),
            (Some("0.0.0.0:9464"), true),
            (Some("[::]:9464"), true),
            (Some("192.0.2.1:9464"), true),
        ] {
            let settings = settings(listen);
            let found: Vec<_> = check(&settings).iter().map(|finding| finding.id).collect();
            assert_eq!(found, if is_public { vec!["sso.W126"] } else { vec![] }, "{listen:?}");
            assert_eq!(built(&settings, true), None);
            assert_eq!(built(&settings, false).map(|finding| finding.id), listen.map(|_| "sso.E125"));
        }
    }
}
