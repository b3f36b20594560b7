use super::*;

fn object(json: &str) -> Object {
    json::object(json.as_bytes()).unwrap()
}

fn claims(json: &str) -> Claims {
    claims_of(Some(Guid::PERSONAL_ACCOUNTS), json)
}

fn claims_of(tenant: Option<Guid>, json: &str) -> Claims {
    let times = times(&object(r#"{"exp":2,"iat":1}"#)).unwrap();
    Claims::new(object(json), Judged { tenant, object: None, policy: None, times })
}

#[test]
fn i8_roles_are_strings_or_nothing() {
    assert_eq!(claims(r#"{"roles":["Admin","Reader"]}"#).roles(), ["Admin", "Reader"]);
    assert_eq!(claims(r#"{"roles":"Admin"}"#).roles(), ["Admin"]);
    for none in ["{}", r#"{"roles":[]}"#, r#"{"roles":["Admin",1]}"#, r#"{"roles":{"Admin":true}}"#] {
        assert!(claims(none).roles().is_empty(), "{none}");
    }
}

#[test]
fn i7_too_many_groups_is_not_none() {
    for (json, groups) in [
        ("{}", Groups::None),
        (r#"{"groups":["a","b"]}"#, Groups::Listed(vec!["a".to_owned(), "b".to_owned()])),
        (r#"{"groups":[]}"#, Groups::Listed(Vec::new())),
        (r#"{"hasgroups":true}"#, Groups::Overage),
        (r#"{"hasgroups":"true"}"#, Groups::Overage),
        (r#"{"hasgroups":false}"#, Groups::None),
        (
            r#"{"_claim_names":{"groups":"src1"},"_claim_sources":{"src1":{"endpoint":"https://evil.test"}}}"#,
            Groups::Overage,
        ),
        (r#"{"_claim_names":{"other":"src1"}}"#, Groups::None),
        (r#"{"_claim_names":"groups"}"#, Groups::Overage),
        (r#"{"_claim_names":{"groups":"src1"},"groups":["a"]}"#, Groups::Overage),
    ] {
        assert_eq!(claims(json).groups(), groups, "{json}");
    }
}

#[test]
fn xms_edov_is_yes_in_four_forms_only() {
    for (json, verified) in [
        ("true", true),
        ("1", true),
        (r#""1""#, true),
        (r#""true""#, true),
        (r#""True""#, true),
        ("false", false),
        ("0", false),
        ("2", false),
        (r#""0""#, false),
        (r#""yes""#, false),
        ("null", false),
        ("[true]", false),
    ] {
        assert_eq!(claims(&format!(r#"{{"xms_edov":{json}}}"#)).xms_edov(), verified, "{json}");
    }
    assert!(!claims("{}").xms_edov());
    assert!(!claims_of(None, r#"{"xms_edov":true}"#).xms_edov(), "I12: a standard provider cannot say it");
}

#[test]
fn t5_t6_a_time_is_a_whole_number_in_range() {
    for exp in [
        r#""9999999999""#,
        "null",
        "true",
        "[1]",
        "{}",
        "1.5",
        "1e300",
        "-1",
        "9223372036854775808",
        "253402300800",
        r#""NaN""#,
        "1e3",
    ] {
        assert!(times(&object(&format!(r#"{{"exp":{exp},"iat":1}}"#))).is_err(), "exp {exp}");
        assert!(times(&object(&format!(r#"{{"exp":1,"iat":{exp}}}"#))).is_err(), "iat {exp}");
        assert!(times(&object(&format!(r#"{{"exp":1,"iat":1,"nbf":{exp}}}"#))).is_err(), "nbf {exp}");
        assert!(times(&object(&format!(r#"{{"exp":1,"iat":1,"auth_time":{exp}}}"#))).is_err(), "auth_time {exp}");
    }
    assert!(times(&object(r#"{"iat":1}"#)).is_err());
    assert!(times(&object(r#"{"exp":1}"#)).is_err());
    let late = times(&object(r#"{"exp":253402300799,"iat":0,"nbf":4102444800}"#)).unwrap();
    assert_eq!(late.expires_at.unix(), 253_402_300_799);
    assert_eq!(late.not_before.map(Timestamp::unix), Some(4_102_444_800));
}

#[test]
fn acct_is_read_as_number_or_text() {
    assert_eq!(claims(r#"{"acct":1}"#).acct(), Some(1));
    assert_eq!(claims(r#"{"acct":"0"}"#).acct(), Some(0));
    assert_eq!(claims(r#"{"acct":true}"#).acct(), None);
    assert_eq!(claims("{}").acct(), None);
}

#[test]
fn z1_debug_shows_names_and_no_values() {
    let shown = format!("{:?}", claims(r#"{"email":"canary@contoso.example"}"#));
    assert_eq!(shown, r#"{"email"}"#);
}
