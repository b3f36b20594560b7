use super::*;

const HOME: &str = "11111111-1111-4111-8111-111111111111";
const ABROAD: &str = "22222222-2222-4222-8222-222222222222";
const STAFF: &str = "aaaaaaaa-0000-4000-8000-000000000001";

fn guid(text: &str) -> Guid {
    Guid::parse(text).unwrap()
}

fn roles(tenant: &str, pinned: bool) -> Roles {
    Roles::new(guid(tenant), pinned, ["Admin".to_owned(), "a/b".to_owned()], vec![guid(STAFF)])
}

fn map(entries: &[(&str, &str)]) -> RoleMap {
    let entry = |(name, gives): &(&str, &str)| (Named::parse(name).unwrap(), Permissions::parse(gives).unwrap());
    RoleMap::new(entries.iter().map(entry).collect())
}

#[test]
fn i10_a_name_without_a_tenant_speaks_of_the_pinned_tenant_only() {
    for (tenant, pinned, name, has) in [
        (HOME, true, "Admin".to_owned(), true),
        (HOME, true, format!("{HOME}/Admin"), true),
        (HOME, true, format!("{ABROAD}/Admin"), false),
        (HOME, false, "Admin".to_owned(), false),
        (HOME, false, format!("{HOME}/Admin"), true),
        (ABROAD, false, format!("{HOME}/Admin"), false),
        (HOME, true, "admin".to_owned(), false),
        (HOME, true, "Admin ".to_owned(), false),
        (HOME, true, String::new(), false),
        (HOME, true, format!("{HOME}/"), false),
        (HOME, true, "a/b".to_owned(), true),
        (HOME, true, format!("{HOME}/a/b"), true),
        (HOME, true, STAFF.to_owned(), false),
    ] {
        assert_eq!(roles(tenant, pinned).has_role(&name), has, "{tenant} {pinned} {name}");
    }
}

#[test]
fn i10_groups_are_known_by_their_ids_in_their_tenant() {
    for (tenant, pinned, name, has) in [
        (HOME, true, STAFF.to_owned(), true),
        (HOME, true, STAFF.to_uppercase(), true),
        (HOME, true, format!("{HOME}/{STAFF}"), true),
        (ABROAD, false, format!("{HOME}/{STAFF}"), false),
        (ABROAD, false, STAFF.to_owned(), false),
        (HOME, true, "Admin".to_owned(), false),
        (HOME, true, HOME.to_owned(), false),
    ] {
        assert_eq!(roles(tenant, pinned).has_group(&name), has, "{tenant} {pinned} {name}");
    }
}

#[test]
fn names_are_listed_as_they_have_to_be_asked_for() {
    let home = roles(HOME, true);
    assert_eq!(home.roles().collect::<Vec<_>>(), ["Admin", "a/b"]);
    let abroad = roles(ABROAD, false);
    assert_eq!(abroad.roles().next(), Some(format!("{ABROAD}/Admin")));
    assert!(abroad.roles().all(|role| abroad.has_role(&role)));
    assert!(abroad.groups().all(|group| abroad.has_group(&group)));
    assert_eq!(Roles::nobodys().roles().count(), 0);
}

#[test]
fn the_role_map_gives_what_is_held_and_nothing_else() {
    let map = map(&[("Admin", "superuser"), (STAFF, "staff"), ("Writer", "staff")]);
    let both = Permissions { staff: true, superuser: true };
    assert_eq!(map.gives(&roles(HOME, true)), both);
    assert_eq!(map.gives(&roles(HOME, false)), Permissions::default());
    assert_eq!(map.gives(&Roles::nobodys()), Permissions::default());
    let group_alone = Roles::new(guid(HOME), true, [], vec![guid(STAFF)]);
    assert_eq!(map.gives(&group_alone), Permissions { staff: true, superuser: false });
}

#[test]
fn i8_a_role_called_like_a_permission_gives_nothing() {
    let named = Roles::new(guid(HOME), true, ["superuser".to_owned(), "staff".to_owned()], Vec::new());
    assert_eq!(map(&[("Admin", "superuser")]).gives(&named), Permissions::default());
}

#[test]
fn i7_more_groups_than_a_session_keeps_are_not_all_of_them() {
    let groups =
        |count: u128| (0..count).map(|n| guid(&format!("aaaaaaaa-0000-4000-8000-{n:012x}"))).collect::<Vec<_>>();
    let most = u128::try_from(MOST_GROUPS).unwrap();
    assert!(Roles::new(guid(HOME), true, [], groups(most)).is_complete());
    let many = Roles::new(guid(HOME), true, [], groups(most * 5));
    assert!(!many.is_complete());
    assert_eq!(many.groups().count(), MOST_GROUPS);
    assert!(serde_json::to_vec(&many).unwrap().len() < 50_000);
}

#[test]
fn a_session_of_an_older_version_holds_nothing() {
    assert_eq!(Roles::default().roles().count(), 0);
    assert!(!Roles::default().is_complete());
    let kept: Roles = serde_json::from_value(serde_json::to_value(roles(HOME, true)).unwrap()).unwrap();
    assert_eq!(kept, roles(HOME, true));
}

#[test]
fn what_no_role_can_be_called_is_no_name() {
    for wrong in ["", " ", "Ad min", "Admin\n", &format!("{HOME}/"), &"x".repeat(121)] {
        assert_eq!(Named::parse(wrong), None, "{wrong:?}");
    }
    let group = Named::parse(&format!("{HOME}/{STAFF}")).unwrap();
    assert_eq!((group.tenant, group.principal), (Some(guid(HOME)), Principal::Group(guid(STAFF))));
    assert_eq!(Named::parse("a/b").unwrap().principal, Principal::Role("a/b".to_owned()));
}
