//! F-49: what roles and groups give, and whose.

use super::{super::*, TENANT, ids, table, with};

const GROUP: &str = "4b9a3f0e-0000-4000-8000-000000000001";
const ANOTHER: &str = "88888888-8888-7777-6666-555555555555";

#[test]
fn f49_entries_are_roles_and_groups_with_or_without_a_tenant() {
    table(&[
        ("role_map = {}", &[]),
        ("role_map = { Admin = 'superuser', 'Task.Write' = 'staff' }", &[]),
        (&format!("role_map = {{ '{GROUP}' = 'staff', '{TENANT}/{GROUP}' = 'superuser' }}"), &["sso.W096"]),
        (&format!("scopes = ['User.Read']\nrole_map = {{ '{GROUP}' = 'staff' }}"), &[]),
        (
            &format!(
                "scopes = ['https://graph.microsoft.com/User.ReadBasic.All']\nrole_map = {{ '{GROUP}' = 'staff' }}"
            ),
            &["sso.W096"],
        ),
        (&format!("scopes = []\nrole_map = {{ '{GROUP}' = 'staff' }}"), &["sso.W096"]),
        (&format!("endpoint_version = 'v1'\nrole_map = {{ '{GROUP}' = 'staff' }}"), &[]),
        (&format!("tenant_id = '{TENANT}'\nrole_map = {{ '{TENANT}/Admin' = 'staff' }}"), &[]),
        (&format!("tenant_id = '{TENANT}'\nrole_map = {{ '{ANOTHER}/Admin' = 'staff' }}"), &["sso.E097"]),
        ("role_map = { Admin = 'admin' }", &["sso.E095"]),
        ("role_map = { Admin = 'Superuser' }", &["sso.E095"]),
        ("role_map = { Admin = '' }", &["sso.E095"]),
        ("role_map = { 'Ad min' = 'staff' }", &["sso.E095"]),
        ("role_map = { '' = 'staff' }", &["sso.E095"]),
        (&format!("role_map = {{ '{TENANT}/' = 'staff' }}"), &["sso.E095"]),
    ]);
}

#[test]
fn i10_where_many_tenants_sign_in_each_entry_names_one() {
    let many = |rest: &str| format!("tenant_id = 'organizations'\nallowed_tenants = ['{TENANT}']\nrole_map = {rest}");
    table(&[
        (&many("{ Admin = 'superuser' }"), &["sso.E096"]),
        (&many(&format!("{{ '{GROUP}' = 'staff' }}")), &["sso.E096", "sso.W096"]),
        (&many(&format!("{{ '{TENANT}/Admin' = 'superuser', '{TENANT}/{GROUP}' = 'staff' }}")), &["sso.W096"]),
        (&many(&format!("{{ '{TENANT}/Admin' = 'superuser', Writer = 'staff' }}")), &["sso.E096"]),
        (&many(&format!("{{ '{ANOTHER}/Admin' = 'superuser' }}")), &["sso.E097"]),
        (&many("{ 'contoso.example/Admin' = 'superuser' }"), &["sso.E096"]),
    ]);
    let finding = check(&with(&many("{ Admin = 'superuser' }"))).remove(0);
    assert!(finding.cause.contains("`Admin`") && finding.remedy.contains("{tenant GUID}/"), "{finding}");
}

#[test]
fn f49_where_nobody_has_roles_no_entry_counts() {
    for authority in [
        "b2c_tenant_name = 'contosob2c'\nb2c_policy = 'B2C_1_susi'",
        "tenant_id = 'consumers'\nallowable_domains = ['outlook.example']",
    ] {
        let mut settings = with(&format!("{authority}\nrole_map = {{ Admin = 'staff', '{TENANT}/Admin' = 'staff' }}"));
        if authority.starts_with("b2c") {
            settings.tenant_id = None;
        }
        let found = ids(&check(&settings)).into_iter().filter(|id| *id == "sso.E097").count();
        assert_eq!(found, 2, "{authority}");
    }
}
