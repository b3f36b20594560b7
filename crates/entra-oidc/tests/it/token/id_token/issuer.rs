use std::collections::BTreeSet;

use entra_oidc::{AllowedTenants, Authority, Cloud, SignInErrorKind as Kind, Tenant};
use serde_json::{Value, json};

use crate::{
    microsoft::guid,
    signer::{Forge, OTHER_TENANT, PERSONAL, TENANT, issuer},
    token::id_token::judge::{
        Change, Judge,
        Oracle::{Blind, Refuses},
        oracle_accepts, refuse_all,
    },
};

#[test]
fn t8_t9_issuer_and_tenant() {
    let judge = Judge::of_tenant();
    let iss = |value: Value| judge.valid().claim("iss", value).token();
    let tid = |value: Value| judge.valid().claim("tid", value).token();
    let ours = issuer(TENANT);
    refuse_all(
        &judge,
        vec![
            ("T8: missing", judge.valid().without("iss").token(), Kind::IdTokenIssuer, Refuses),
            ("T8: a slash at the end", iss(json!(format!("{ours}/"))), Kind::IdTokenIssuer, Refuses),
            ("T8: a prefix", iss(json!(&ours[..ours.len() - 1])), Kind::IdTokenIssuer, Refuses),
            ("T8: more", iss(json!(format!("{ours}.evil.test"))), Kind::IdTokenIssuer, Refuses),
            ("T8: upper case host", iss(json!(ours.replace("login", "LOGIN"))), Kind::IdTokenIssuer, Refuses),
            ("T8: upper case tenant", iss(json!(issuer(&TENANT.to_uppercase()))), Kind::IdTokenIssuer, Refuses),
            ("T8: http", iss(json!(ours.replace("https", "http"))), Kind::IdTokenIssuer, Refuses),
            (
                "T8: another host",
                iss(json!(ours.replace("microsoftonline.com", "evil.test"))),
                Kind::IdTokenIssuer,
                Refuses,
            ),
            ("T8: another cloud", iss(json!(ours.replace(".com", ".us"))), Kind::IdTokenIssuer, Refuses),
            ("T8: a port", iss(json!(ours.replace(".com", ".com:443"))), Kind::IdTokenIssuer, Refuses),
            ("T8: a blank before", iss(json!(format!(" {ours}"))), Kind::IdTokenIssuer, Refuses),
            ("T8: an array", iss(json!([ours])), Kind::IdTokenIssuer, Blind),
            ("T8: null", iss(Value::Null), Kind::IdTokenIssuer, Refuses),
            ("T9: the template itself", iss(json!(issuer("{tenantid}"))), Kind::IdTokenIssuer, Refuses),
            ("T9: a v1 issuer", iss(json!(format!("https://sts.windows.net/{TENANT}/"))), Kind::IdTokenIssuer, Refuses),
            ("T9: iss of another tenant", iss(json!(issuer(OTHER_TENANT))), Kind::IdTokenIssuer, Refuses),
            ("T9: tid of another tenant", tid(json!(OTHER_TENANT)), Kind::IdTokenIssuer, Blind),
            ("T9: both of another tenant", judge.valid().of_tenant(OTHER_TENANT).token(), Kind::IdTokenIssuer, Refuses),
            ("T9: tid missing", judge.valid().without("tid").token(), Kind::IdTokenTenant, Blind),
            ("T9: tid null", tid(Value::Null), Kind::IdTokenTenant, Blind),
            ("T9: tid array", tid(json!([TENANT])), Kind::IdTokenTenant, Blind),
            ("T9: tid empty", tid(json!("")), Kind::IdTokenTenant, Blind),
            ("T9: tid is the template", tid(json!("{tenantid}")), Kind::IdTokenTenant, Blind),
            ("T9: tid is `common`", tid(json!("common")), Kind::IdTokenTenant, Blind),
            ("T9: tid without hyphens", tid(json!(TENANT.replace('-', ""))), Kind::IdTokenTenant, Blind),
            ("T9: tid in upper case", tid(json!(TENANT.to_uppercase())), Kind::IdTokenIssuer, Blind),
            (
                "T9: tid twice, in another case",
                judge.valid().claim("TID", json!(OTHER_TENANT)).token(),
                Kind::IdTokenTenant,
                Blind,
            ),
            (
                "T9: tid twice, the same in another case",
                judge.valid().claim("Tid", json!(TENANT)).token(),
                Kind::IdTokenTenant,
                Blind,
            ),
            ("I12: oid missing", judge.valid().without("oid").token(), Kind::IdTokenTenant, Blind),
            ("I12: oid null", judge.valid().claim("oid", Value::Null).token(), Kind::IdTokenTenant, Blind),
            ("I12: oid not a GUID", judge.valid().claim("oid", json!("adele")).token(), Kind::IdTokenTenant, Blind),
            (
                "I12: oid twice, in another case",
                judge.valid().claim("OID", json!(OTHER_TENANT)).token(),
                Kind::IdTokenTenant,
                Blind,
            ),
        ],
    );
}

#[test]
fn t9_t10_authorities_of_many_tenants() {
    let only =
        |tenants: &[&str]| AllowedTenants::Only(tenants.iter().map(|tenant| guid(tenant)).collect::<BTreeSet<_>>());
    let common = |allowed| Judge::new(crate::microsoft::common(), "common", allowed);
    let organizations =
        |allowed| Judge::new(Authority::entra(Cloud::Public, Tenant::Organizations), "organizations", allowed);
    let consumers = || Judge::new(Authority::entra(Cloud::Public, Tenant::Consumers), PERSONAL, AllowedTenants::Pinned);
    let personal = |forge: Forge| {
        forge
            .of_tenant(PERSONAL)
            .header("kid", json!("personal"))
            .claim("oid", json!("00000000-0000-0000-40c0-3bac188d01d1"))
    };
    let same = |forge: Forge| forge;
    let other = |forge: Forge| forge.of_tenant(OTHER_TENANT);
    let rows: Vec<(&str, Judge, Change<'_>, Result<(), Kind>)> = vec![
        ("T9: any tenant at common", common(AllowedTenants::Any), &other, Ok(())),
        ("T9: a personal account at common", common(AllowedTenants::Any), &personal, Ok(())),
        ("T9: a listed tenant", common(only(&[TENANT])), &same, Ok(())),
        ("T9: a tenant that is not listed", common(only(&[TENANT])), &other, Err(Kind::TenantNotAllowed)),
        ("T9: a personal account that is not listed", common(only(&[TENANT])), &personal, Err(Kind::TenantNotAllowed)),
        ("T9: any tenant at organizations", organizations(AllowedTenants::Any), &other, Ok(())),
        (
            "T9: a personal account at organizations",
            organizations(AllowedTenants::Any),
            &personal,
            Err(Kind::TenantNotAllowed),
        ),
        (
            "T9: a personal account at organizations, listed",
            organizations(only(&[PERSONAL])),
            &personal,
            Err(Kind::TenantNotAllowed),
        ),
        ("T9: a personal account at consumers", consumers(), &personal, Ok(())),
        ("T9: a work account at consumers", consumers(), &same, Err(Kind::IdTokenIssuer)),
        (
            "T9: iss and tid of different tenants",
            common(AllowedTenants::Any),
            &|forge| forge.claim("tid", json!(OTHER_TENANT)),
            Err(Kind::IdTokenIssuer),
        ),
        (
            "T9: the literal template in iss",
            common(AllowedTenants::Any),
            &|forge| forge.claim("iss", json!(issuer("{tenantid}"))),
            Err(Kind::IdTokenIssuer),
        ),
        (
            "T9: the literal template in iss and tid",
            common(AllowedTenants::Any),
            &|forge| forge.of_tenant("{tenantid}"),
            Err(Kind::IdTokenTenant),
        ),
        (
            "T9: a v1 issuer",
            common(AllowedTenants::Any),
            &|forge| forge.claim("iss", json!(format!("https://sts.windows.net/{TENANT}/"))),
            Err(Kind::IdTokenIssuer),
        ),
        (
            "T10: a personal key for a work account",
            common(AllowedTenants::Any),
            &|forge| forge.header("kid", json!("personal")),
            Err(Kind::IdTokenKeyIssuer),
        ),
        (
            "T10: another tenant's key",
            common(AllowedTenants::Any),
            &|forge| forge.header("kid", json!("other")),
            Err(Kind::IdTokenKeyIssuer),
        ),
        (
            "T10: that tenant's own key",
            common(AllowedTenants::Any),
            &|forge| forge.of_tenant(OTHER_TENANT).header("kid", json!("other")),
            Ok(()),
        ),
        (
            "T10: a US Government key",
            common(AllowedTenants::Any),
            &|forge| forge.header("kid", json!("gov")),
            Err(Kind::IdTokenKeyIssuer),
        ),
    ];
    for (name, judge, change, expected) in rows {
        let outcome = judge.verify(&change(judge.valid()).token()).map(|_| ());
        assert_eq!(outcome, expected, "{name}");
    }

    let judge = Judge::of_tenant();
    for (name, kid) in
        [("a personal key", "personal"), ("another tenant's key", "other"), ("a US Government key", "gov")]
    {
        let token = judge.valid().header("kid", json!(kid)).token();
        assert_eq!(judge.verify(&token).map(|_| ()), Err(Kind::IdTokenKeyIssuer), "T10: {name} at the tenant");
        assert!(oracle_accepts(&token, &issuer(TENANT)), "T10 is about good signatures");
    }
}
