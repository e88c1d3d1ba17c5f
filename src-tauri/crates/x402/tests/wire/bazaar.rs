//! How catalogues are told what is sold, as `@x402/extensions` 2.27.0 reads it.

use serde_json::{Value, json};
use x402::{BodyType, Discovery, Parameter, PaymentRequired, RequestBody, Resource};

use crate::fixtures::offer;

fn extension(discovery: &Discovery<'_>) -> Value {
    let resource = Resource { url: "https://stall.example/weather", description: "", mime_type: "" };
    let required = PaymentRequired::new(&resource, &[offer()]).unwrap();
    let header = required.header_with(&[discovery.extension()]);
    let json = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, header).unwrap();
    assert!(json.is_ascii());
    serde_json::from_slice::<Value>(&json).unwrap()["extensions"]["bazaar"].clone()
}

fn city() -> [Parameter<'static>; 1] {
    let schema = json!({ "type": "string", "description": "In plain letters" });
    [Parameter { name: "city", schema, example: Some(json!("Zürich")), required: true }]
}

#[test]
fn a_query_is_described_by_examples_and_a_schema_that_they_fit() {
    let (query, example) = (city(), json!({ "degrees": 21 }));
    let schema = json!({ "type": "object", "properties": { "degrees": { "type": "integer" } } });
    let discovery = Discovery {
        method: "GET",
        query: &query,
        path: &[],
        route_template: None,
        body: None,
        mime_type: "application/json",
        example: Some((&example, Some(&schema))),
    };
    assert_eq!(
        extension(&discovery),
        json!({
            "info": {
                "input": { "type": "http", "method": "GET", "queryParams": { "city": "Zürich" } },
                "output": { "type": "json", "example": { "degrees": 21 } },
            },
            "schema": {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "type": "object",
                "properties": {
                    "input": {
                        "type": "object",
                        "properties": {
                            "type": { "type": "string", "const": "http" },
                            "method": { "type": "string", "enum": ["GET"] },
                            "queryParams": {
                                "type": "object",
                                "properties": {
                                    "city": { "type": "string", "description": "In plain letters" },
                                },
                                "required": ["city"],
                            },
                        },
                        "required": ["type", "method"],
                        "additionalProperties": false,
                    },
                    "output": {
                        "type": "object",
                        "properties": { "type": { "type": "string" }, "example": schema },
                        "required": ["type"],
                    },
                },
                "required": ["input"],
            },
        })
    );
    let v1: Value = serde_json::from_str(&discovery.output_schema()).unwrap();
    assert_eq!(
        v1,
        json!({
            "input": {
                "type": "http", "method": "GET", "discoverable": true, "queryParams": { "city": "Zürich" },
            },
            "output": { "degrees": 21 },
        })
    );
    assert!(discovery.output_schema().is_ascii());
}

#[test]
fn a_body_belongs_to_methods_that_have_one() {
    let body = RequestBody {
        body_type: BodyType::Json,
        schema: json!({ "type": "object", "properties": { "text": { "type": "string" } } }),
        example: json!({ "text": "Guten Tag" }),
    };
    let path = city();
    let posted = Discovery {
        method: "POST",
        query: &[],
        path: &path,
        route_template: Some("/weather/:city"),
        body: Some(&body),
        mime_type: "text/plain",
        example: None,
    };
    let json = extension(&posted);
    assert_eq!(
        json["info"],
        json!({
            "input": {
                "type": "http",
                "method": "POST",
                "bodyType": "json",
                "body": { "text": "Guten Tag" },
                "pathParams": { "city": "Zürich" },
            },
        })
    );
    assert_eq!(json["routeTemplate"], "/weather/:city");
    let input = &json["schema"]["properties"]["input"];
    assert_eq!(input["required"], json!(["type", "method", "bodyType", "body"]));
    assert_eq!(input["properties"]["body"], body.schema);
    let v1: Value = serde_json::from_str(&posted.output_schema()).unwrap();
    assert_eq!(v1["input"]["bodyFields"], json!({ "text": "Guten Tag" }));

    let got = extension(&Discovery { method: "GET", ..posted });
    assert_eq!(got["info"]["input"].get("body"), None);
}
