//! The catalogue of negative tests: every row can be had on demand, and a test shows it on the wire.

const AUTHORITIES: &str = include_str!("authorities.rs");
const AUTHORIZATION_RESPONSE: &str = include_str!("authorization_response.rs");
const GRAPH: &str = include_str!("graph.rs");
const ID_TOKEN: &str = include_str!("id_token.rs");
const SIGN_OUT: &str = include_str!("sign_out.rs");
const TOKEN_ANSWER: &str = include_str!("token_answer.rs");

/// What goes wrong, how it is asked for, the file and the test that shows it.
const ROWS: [(&str, &str, &str, &str); 31] = [
    ("wrong iss (another tid)", "Fault::WrongIssuer", ID_TOKEN, "claims_are_spoiled_once"),
    ("key of personal accounts on a work tid", "Fault::PersonalAccountsKey", ID_TOKEN, "t10_keys_of_somebody_else"),
    ("key of the government cloud", "Fault::GovernmentKey", ID_TOKEN, "t10_keys_of_somebody_else"),
    ("alg none", "Fault::AlgNone", ID_TOKEN, "t1_t2_algorithms"),
    ("alg HS256", "Fault::AlgHs256", ID_TOKEN, "t1_t2_algorithms"),
    ("missing tid", "Fault::NoClaim", ID_TOKEN, "claims_are_spoiled_once"),
    ("missing oid", "Fault::NoClaim", ID_TOKEN, "claims_are_spoiled_once"),
    ("nonce missing", "Fault::NoClaim", ID_TOKEN, "claims_are_spoiled_once"),
    ("stale nonce", "Fault::StaleNonce", ID_TOKEN, "t15_a_nonce_of_the_sign_in_before"),
    ("expired beyond 300 s", "Fault::ExpiredFor", ID_TOKEN, "claims_are_spoiled_once"),
    ("future nbf", "Fault::NotBeforeIn", ID_TOKEN, "claims_are_spoiled_once"),
    ("aud array", "Fault::AudienceArray", ID_TOKEN, "claims_are_spoiled_once"),
    ("duplicate tid, another case", "Fault::ExtraClaim", ID_TOKEN, "t13_duplicate_and_case_variant_members"),
    ("unknown kid, then rotation", "Fault::NewKey", ID_TOKEN, "j3_an_unknown_key_that_a_second_fetch_shows"),
    ("oversized code", "Fault::LongCode", AUTHORIZATION_RESPONSE, "an_oversized_code"),
    ("empty #", "always", AUTHORIZATION_RESPONSE, "redirects_end_in_an_empty_fragment"),
    (
        "error rendered as HTML 200, no redirect",
        "Fault::AuthorizePage",
        AUTHORIZATION_RESPONSE,
        "an_error_on_a_page_that_leads_nowhere",
    ),
    ("error_description with CRLF", "Fault::LineBreaks", AUTHORIZATION_RESPONSE, "line_breaks_in_the_description"),
    ("a code that works again", "Fault::ReusableCode", TOKEN_ANSWER, "a_code_that_works_again_and_again"),
    ("suberror and claims at authorize", "Fault::AuthorizeError", AUTHORIZATION_RESPONSE, "suberror_and_claims"),
    ("suberror and claims at token", "Fault::TokenError", TOKEN_ANSWER, "errors_with_suberror_and_claims"),
    ("expires_in as a text", "Fault::NumbersAsStrings", TOKEN_ANSWER, "numbers_as_texts"),
    ("token answer without scope", "Fault::NoTokenMember", TOKEN_ANSWER, "members_are_missing"),
    ("group overage", "Fault::GroupOverage", ID_TOKEN, "claims_are_spoiled_once"),
    ("no photo", "Fault::NoPhoto", GRAPH, "no_photo"),
    ("fractional Retry-After", "Fault::Throttled", GRAPH, "a_fraction_of_a_second"),
    ("claims challenge", "Fault::ClaimsChallenge", GRAPH, "a_claims_challenge"),
    ("sign-out with sid only", "always", SIGN_OUT, "the_sid_alone"),
    ("issuer with a trailing slash (B2C)", "always", AUTHORITIES, "b2c_issuers_end_with_a_slash_and_are_no_prefix"),
    ("endpoints with ?p= (B2C)", "B2c::query_endpoints", AUTHORITIES, "b2c_endpoints_have_a_query_already"),
    ("issuer below a GUID (External ID)", "always", AUTHORITIES, "external_ids_issuer_is_below_a_guid"),
];

#[test]
fn every_row_has_its_test() {
    for (what, how, file, test) in ROWS {
        let start = file.find(&format!("#[tokio::test]\nasync fn {test}() {{"));
        let start = start.unwrap_or_else(|| panic!("no test {test} for {what}"));
        let body = file[start..].split("\n}\n").next().unwrap_or_default();
        let named = how == "always" || body.contains(how.trim_start_matches("B2c::"));
        assert!(named, "{test} does not ask for {how}: {what}");
    }
}
