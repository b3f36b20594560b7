use entra_oidc::{Cloud, Guid, OpenIdProvider, Policy, Tenant};

use super::*;

const NOW: Timestamp = Timestamp::from_unix(1_800_000_000);
const TENANT: &str = "11111111-1111-4111-8111-111111111111";

fn owner(site: &str) -> Arc<Owner> {
    Arc::new(Owner {
        instance: "/microsoft_sso".to_owned(),
        site: site.to_owned(),
        client_id: "client".to_owned(),
        authority: "public/contoso".to_owned(),
    })
}

fn step() -> StepUp {
    StepUp::new().max_age(Duration::from_mins(5)).acrs("c1").claims(r#"{"access_token":{}}"#)
}

#[test]
fn s14_only_what_we_sealed_for_this_owner_counts_and_not_for_long() {
    let (sealer, owner, another) = (Sealer::random(), owner("default"), owner("other"));
    let deadline = NOW.plus(Duration::from_mins(10));
    let text = step().seal(&sealer, &owner, deadline).unwrap();
    assert_eq!(StepUp::open(&sealer, &text, &owner, NOW), Some(step()));
    assert_eq!(StepUp::open(&sealer, &text, &owner, deadline), None, "over");
    assert_eq!(StepUp::open(&sealer, &text, &another, NOW), None, "another site's");
    assert_eq!(StepUp::open(&Sealer::random(), &text, &owner, NOW), None, "another key");
    let plain = serde_json::to_string(&step()).unwrap();
    let attempt = sealer.seal(Purpose::Attempt, plain.as_bytes()).unwrap();
    let flash = sealer.seal(Purpose::Flash, plain.as_bytes()).unwrap();
    for forged in
        ["", "x", r#"{"m":1}"#, &plain, &attempt, &flash, &text[1..], &format!("{text}A"), &"A".repeat(100_000)]
    {
        assert_eq!(StepUp::open(&sealer, forged, &owner, NOW), None, "{forged:.40}");
    }
    for place in 0..text.len() {
        let mut altered = text.clone().into_bytes();
        altered[place] = if altered[place] == b'A' { b'B' } else { b'A' };
        let altered = String::from_utf8(altered).unwrap();
        // The last character may have bits that mean nothing; decoding refuses those.
        assert_eq!(StepUp::open(&sealer, &altered, &owner, NOW), None, "{place}");
    }
}

#[test]
fn what_nobody_can_be_asked_for_is_refused() {
    let entra = Authority::entra(Cloud::Public, Tenant::Id(Guid::parse(TENANT).unwrap()));
    assert!(step().check(&entra).is_ok());
    assert!(StepUp::new().check(&entra).is_ok());
    for wrong in [
        StepUp::new().acrs(""),
        StepUp::new().acrs("c1 c2"),
        StepUp::new().acrs("c1\""),
        StepUp::new().acrs("c".repeat(41)),
        StepUp::new().claims(""),
        StepUp::new().claims("[]"),
        StepUp::new().claims("{} {}"),
        StepUp::new().claims(format!("{{\"a\":\"{}\"}}", "x".repeat(2048))),
    ] {
        let refusal = wrong.check(&entra).unwrap_err();
        assert_eq!(refusal.kind(), Some(RefusalKind::StepUpInvalid), "{wrong:?}");
    }
}

#[test]
fn the_longest_that_is_allowed_fits_into_a_link() {
    let claims = format!("{{\"a\":\"{}\"}}", "x".repeat(LONGEST_CLAIMS - 8));
    let longest = StepUp::new().max_age(Duration::MAX).acrs("c".repeat(LONGEST_CONTEXT)).claims(claims);
    let text = longest.seal(&Sealer::random(), &owner(&"s".repeat(253)), NOW).unwrap();
    assert!(text.len() < 4096, "{}", text.len());
}

#[test]
fn contexts_and_challenges_are_asked_of_a_directory_alone() {
    let b2c = Authority::b2c("contosob2c", &Policy::parse("B2C_1_susi").unwrap(), None).unwrap();
    let standard = Authority::openid(OpenIdProvider::new("https://idp.contoso.example").unwrap());
    for authority in [b2c, standard] {
        assert!(StepUp::new().max_age(Duration::ZERO).check(&authority).is_ok());
        for step in [StepUp::new().acrs("c1"), StepUp::new().claims("{}")] {
            assert_eq!(step.check(&authority).unwrap_err().kind(), Some(RefusalKind::StepUpImpossible), "{step:?}");
        }
    }
}
