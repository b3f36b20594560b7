use super::*;

fn given(templates: &[(&str, &str)]) -> BTreeMap<String, String> {
    templates.iter().map(|(name, source)| ((*name).to_owned(), (*source).to_owned())).collect()
}

/// Ours are held to what an application's are.
#[test]
fn our_own_ask_for_nothing_that_there_is_not() {
    let mut environment = environment();
    for (name, source) in OURS {
        environment.add_template(name, source).unwrap();
    }
    assert_eq!(trial(&environment), []);
}

type Case = (&'static [(&'static str, &'static str)], &'static str, &'static str);

#[test]
fn what_cannot_be_used_is_found_with_its_line() {
    let cases: &[Case] = &[
        (&[("login.html", "<p>\n{% if %}")], "sso.E111", "`login.html`, line 2"),
        (&[("login.html", "a\nb\n{{ colour }}")], "sso.E111", "`login.html`, line 3"),
        (&[("error.html", "{{ text(\"no_such\") }}")], "sso.E111", "no text \"no_such\""),
        (&[("error.html", "{{ explanation | nofilter }}")], "sso.E111", "nofilter"),
        (&[("error.html", "{% include \"part.html\" %}")], "sso.E111", "part.html"),
        (&[("button.html", "{{ button.colour.name }}")], "sso.E111", "`button.html`, line 1"),
        (&[("layout.html", "{% block main %}")], "sso.E111", "`layout.html`"),
        (&[("logn.html", "x")], "sso.E112", "\"logn.html\""),
    ];
    for (templates, id, part) in cases {
        let findings = Templates::new(&given(templates)).map(|_| ()).unwrap_err();
        assert!(findings.iter().any(|it| it.id == *id && it.cause.contains(part)), "{templates:?}: {findings:?}");
    }
}

#[test]
fn a_part_of_ones_own_is_used_by_another() {
    let parts = given(&[("error.html", "{% include \"foot\" %}"), ("foot", "<b>{{ heading }}</b>")]);
    let templates = Templates::new(&parts).unwrap();
    let html = templates.render("error.html", &context! { heading => "<script>" });
    assert_eq!(html, "<b>&lt;script&gt;</b>", "escaped, whatever the part is called");
}

/// Z6: whatever a template is called, and whatever it shows.
#[test]
fn z6_every_value_is_escaped_under_every_name() {
    for name in OURS.map(|(name, _)| name) {
        let templates = Templates::new(&given(&[(name, "{{ reference }}|{{ style }}")]));
        let Ok(templates) = templates else { continue };
        let html = templates.render(name, &context! { reference => "<script>'\"&" });
        assert!(html.starts_with("&lt;script&gt;&#x27;&quot;&amp;|:root"), "{name}: {html}");
    }
}

#[test]
fn a_template_that_fails_later_is_replaced_by_ours() {
    let fails = "{% if status == 404 %}{{ range(100000000) }}{% endif %}theirs";
    let templates = Templates::new(&given(&[("error.html", fails)])).unwrap();
    let render = |status: u16| {
        let values = context! { status, heading => "Oh", explanation => "Why", home => "/", reference => "E1" };
        templates.render("error.html", &context! { ..of_language(&Arc::new(Catalogue::english())), ..values })
    };
    assert_eq!(render(403), "theirs");
    assert!(render(404).contains("<h1>Oh</h1>"), "{}", render(404));
}
