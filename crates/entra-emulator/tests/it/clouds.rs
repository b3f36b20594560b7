//! The clouds: whose names stand in discovery, keys and tokens, and which host names belong together.

use entra_emulator::{Cloud, Emulator, EmulatorClock, seed};
use serde_json::{Value, json};

use crate::flow::{Ask, NOW, TokenAsk, claims, get_json, start, tokens};

struct Row {
    cloud: Cloud,
    login: &'static str,
    instance: &'static str,
    graph: Option<&'static str>,
    v1: &'static str,
    audience: Option<&'static str>,
}

const ROWS: [Row; 6] = [
    Row {
        cloud: Cloud::Public,
        login: "login.microsoftonline.com",
        instance: "microsoftonline.com",
        graph: Some("graph.microsoft.com"),
        v1: "sts.windows.net",
        audience: Some("api://AzureADTokenExchange"),
    },
    Row {
        cloud: Cloud::UsGovernment,
        login: "login.microsoftonline.us",
        instance: "microsoftonline.us",
        graph: Some("graph.microsoft.us"),
        v1: "sts.windows.net",
        audience: Some("api://AzureADTokenExchangeUSGov"),
    },
    Row {
        cloud: Cloud::China,
        login: "login.partner.microsoftonline.cn",
        instance: "partner.microsoftonline.cn",
        graph: Some("microsoftgraph.chinacloudapi.cn"),
        v1: "sts.chinacloudapi.cn",
        audience: Some("api://AzureADTokenExchangeChina"),
    },
    Row {
        cloud: Cloud::Bleu,
        login: "login.sovcloud-identity.fr",
        instance: "sovcloud-identity.fr",
        graph: None,
        v1: "sts.windows.net",
        audience: Some("api://AzureADTokenExchangeFrance"),
    },
    Row {
        cloud: Cloud::Delos,
        login: "login.sovcloud-identity.de",
        instance: "sovcloud-identity.de",
        graph: None,
        v1: "sts.windows.net",
        audience: Some("api://AzureADTokenExchangeGermany"),
    },
    Row {
        cloud: Cloud::GovSg,
        login: "login.sovcloud-identity.sg",
        instance: "sovcloud-identity.sg",
        graph: None,
        v1: "sts.windows.net",
        audience: None,
    },
];

#[tokio::test]
async fn names_in_discovery_keys_and_tokens() {
    for Row { cloud, login, instance, graph, v1, audience } in ROWS {
        let emulator = Emulator::builder().cloud(cloud).clock(EmulatorClock::at(NOW)).start().await.expect("a start");
        let tenant = format!("{}{}", emulator.url(), seed::CONTOSO);
        let issuer = format!("https://{login}/{}/v2.0", seed::CONTOSO);
        let (_, body) = get_json(format!("{tenant}/v2.0/.well-known/openid-configuration")).await;
        assert_eq!(body["issuer"], issuer.as_str());
        assert_eq!(
            (&body["cloud_instance_name"], &body["msgraph_host"]),
            (&json!(instance), &json!(graph)),
            "{cloud:?}"
        );
        let (_, body) = get_json(format!("{tenant}/.well-known/openid-configuration")).await;
        assert_eq!(body["issuer"], format!("https://{v1}/{}/", seed::CONTOSO));
        let (_, body) = get_json(format!("{tenant}/discovery/v2.0/keys")).await;
        let first = &body["keys"][0];
        assert_eq!(first["issuer"], format!("https://{login}/{{tenantid}}/v2.0"));
        assert_eq!(first["cloud_instance_name"], instance);
        let answer = tokens(&emulator, &Ask::new(&emulator), seed::ADELE).await;
        assert_eq!(answer.id_token()["iss"], issuer);
        let graph_audience =
            graph.map_or_else(|| "00000003-0000-0000-c000-000000000000".to_owned(), |host| format!("https://{host}"));
        assert_eq!(claims(answer.text("access_token"))["aud"], graph_audience, "{cloud:?}");
        assert_eq!(cloud.token_exchange_audience(), audience);
    }
}

#[tokio::test]
async fn scopes_carry_the_graph_host_of_the_cloud() {
    for Row { cloud, graph, .. } in ROWS {
        let emulator = Emulator::builder().cloud(cloud).start().await.expect("a start");
        for other in ROWS.iter().filter_map(|row| row.graph) {
            let answer = TokenAsk::app(&emulator, &format!("https://{other}/.default")).send().await;
            let expected = if graph == Some(other) { "200 - null" } else { "400 invalid_resource 500011" };
            assert_eq!(answer.summary(), expected, "{other} in {cloud:?}");
        }
        let by_id = "00000003-0000-0000-c000-000000000000/.default";
        assert_eq!(TokenAsk::app(&emulator, by_id).send().await.summary(), "200 - null", "{cloud:?}");
    }
}

#[tokio::test]
async fn personal_accounts_are_the_public_clouds() {
    for Row { cloud, .. } in ROWS {
        let emulator = Emulator::builder().cloud(cloud).start().await.expect("a start");
        let (_, body) = get_json(format!("{}common/discovery/v2.0/keys", emulator.url())).await;
        let of_personal = |key: &Value| key["issuer"].as_str().is_some_and(|issuer| issuer.contains("9188040d"));
        let listed = body["keys"].as_array().expect("a list").iter().any(of_personal);
        assert_eq!(listed, cloud == Cloud::Public, "{cloud:?}");
    }
}

/// Asked under its alias, China's document has endpoints on the alias and the issuer of the preferred host.
#[tokio::test]
async fn chinas_alias_keeps_the_issuer() {
    let alias = "login.chinacloudapi.cn";
    let builder = Emulator::builder().cloud(Cloud::China).https().also_as([alias]);
    let emulator = builder.start().await.expect("a start");
    let ca = reqwest::Certificate::from_pem(emulator.ca_pem().expect("an authority").as_bytes()).expect("PEM");
    let port = emulator.url().port().expect("a port");
    let builder = reqwest::Client::builder().no_proxy().tls_certs_only([ca]);
    let client = builder.resolve(alias, ([127, 0, 0, 1], port).into()).build().expect("a client");
    let url = format!("https://{alias}:{port}/common/v2.0/.well-known/openid-configuration");
    let body: Value = client.get(url).send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(body["issuer"], "https://login.partner.microsoftonline.cn/{tenantid}/v2.0");
    assert_eq!(body["token_endpoint"], format!("https://{alias}:{port}/common/oauth2/v2.0/token"));
    assert_eq!(body["jwks_uri"], format!("https://{alias}:{port}/common/discovery/v2.0/keys"));
}

#[tokio::test]
async fn instance_discovery_knows_the_clouds_and_itself() {
    let emulator = start().await;
    let base = emulator.url().as_str().trim_end_matches('/').to_owned();
    let ask =
        |endpoint: &str| format!("{base}/common/discovery/instance?api-version=1.1&authorization_endpoint={endpoint}");
    let v2 = format!("{base}/common/v2.0/.well-known/openid-configuration");
    let v1 = format!("{base}/{}/.well-known/openid-configuration", seed::CONTOSO);
    let rows = [
        ("https://login.microsoftonline.com/common/oauth2/v2.0/authorize".to_owned(), &v2),
        ("https://login.chinacloudapi.cn/common/oauth2/v2.0/authorize".to_owned(), &v2),
        ("https://login.sovcloud-identity.sg/common/oauth2/v2.0/authorize".to_owned(), &v2),
        ("https://login-us.microsoftonline.com/common/oauth2/v2.0/authorize".to_owned(), &v2),
        (format!("{base}/common/oauth2/v2.0/authorize"), &v2),
        ("https://localhost/common/oauth2/v2.0/authorize".to_owned(), &v2),
        (format!("https://login.windows.net/{}/oauth2/authorize", seed::CONTOSO), &v1),
    ];
    for (endpoint, expected) in rows {
        let (status, body) = get_json(ask(&endpoint)).await;
        assert_eq!(status, 200, "{endpoint}: {body}");
        assert_eq!(body["tenant_discovery_endpoint"], expected.as_str(), "{endpoint}");
        assert_eq!(body["api-version"], "1.1");
        let public = json!({
            "preferred_network": "login.microsoftonline.com",
            "preferred_cache": "login.windows.net",
            "aliases": ["login.microsoftonline.com", "login.windows.net", "login.microsoft.com", "sts.windows.net"],
        });
        assert_eq!(body["metadata"][0], public);
        let networks: Vec<&str> = body["metadata"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|entry| entry["preferred_network"].as_str())
            .collect();
        for Row { login, .. } in ROWS {
            assert!(networks.contains(&login), "{login} in {networks:?}");
        }
    }
    for unknown in ["https://login.evil.example", "https://login.microsoftonline.com.evil.example", "http://127.0.0.2"]
    {
        let (status, body) = get_json(ask(&format!("{unknown}/common/oauth2/v2.0/authorize"))).await;
        assert_eq!(
            (status, &body["error"], &body["error_codes"], &body["error_uri"]),
            (
                400,
                &json!("invalid_instance"),
                &json!([50049]),
                &json!("https://login.microsoftonline.com/error?code=50049")
            ),
            "{unknown}"
        );
        for member in ["timestamp", "trace_id", "correlation_id"] {
            assert!(body[member].is_string(), "{member}");
        }
    }
    let (status, body) = get_json(format!("{base}/common/discovery/instance?api-version=1.1")).await;
    assert_eq!((status, &body["error_codes"][0]), (400, &json!(900_144)));
}
