//! `bazaar`: how a resource is called and what it answers, for catalogues that programs search.

use serde_json::{Map, Value, json};

use crate::Extension;
use crate::extension::in_ascii;

const KEY: &str = "bazaar";
const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// A parameter of a query or of a path.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter<'t> {
    /// Its name.
    pub name: &'t str,
    /// Its JSON schema, for example `{"type":"string"}`.
    pub schema: Value,
    /// A value that may be tried.
    pub example: Option<Value>,
    /// Whether a request needs it.
    pub required: bool,
}

/// How the body of a request is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyType {
    /// JSON.
    Json,
    /// A form.
    FormData,
    /// Plain text.
    Text,
}

impl BodyType {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::FormData => "form-data",
            Self::Text => "text",
        }
    }
}

/// The body of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct RequestBody {
    /// How it is written.
    pub body_type: BodyType,
    /// Its JSON schema.
    pub schema: Value,
    /// One that may be tried.
    pub example: Value,
}

/// How a resource is called and what it answers. Nothing of it is a term.
#[derive(Clone, Debug, PartialEq)]
pub struct Discovery<'t> {
    /// The method, in capitals.
    pub method: &'t str,
    /// What may stand in the query.
    pub query: &'t [Parameter<'t>],
    /// What stands in the path, for a `route_template`.
    pub path: &'t [Parameter<'t>],
    /// The path with its parameters, such as `/weather/:city`, where there are some.
    pub route_template: Option<&'t str>,
    /// The body; only of POST, PUT and PATCH.
    pub body: Option<&'t RequestBody>,
    /// The media type of what is delivered.
    pub mime_type: &'t str,
    /// What may be delivered, with its JSON schema where there is one.
    pub example: Option<(&'t Value, Option<&'t Value>)>,
}

impl Discovery<'_> {
    /// The 402's extension, which never changes for an endpoint. It is among the
    /// [`welcome`](crate::Additions::welcome) ones: without it everything can be bought all the same.
    pub fn extension(&self) -> Extension {
        let (mut input, mut properties) = (Map::new(), Map::new());
        let mut required = vec!["type", "method"];
        input.insert("type".to_owned(), json!("http"));
        input.insert("method".to_owned(), json!(self.method));
        properties.insert("type".to_owned(), json!({ "type": "string", "const": "http" }));
        properties.insert("method".to_owned(), json!({ "type": "string", "enum": [self.method] }));
        if let Some(RequestBody { body_type, schema, example }) = self.body() {
            input.insert("bodyType".to_owned(), json!(body_type.as_str()));
            input.insert("body".to_owned(), example.clone());
            let kinds = json!({ "type": "string", "enum": ["json", "form-data", "text"] });
            properties.insert("bodyType".to_owned(), kinds);
            properties.insert("body".to_owned(), schema.clone());
            required.extend(["bodyType", "body"]);
        }
        for (name, parameters) in [("queryParams", self.query), ("pathParams", self.path)] {
            if !parameters.is_empty() {
                input.insert(name.to_owned(), examples(parameters));
                properties.insert(name.to_owned(), schema(parameters));
            }
        }
        let mut info = json!({ "input": input });
        let mut members = json!({
            "input": {
                "type": "object", "properties": properties, "required": required, "additionalProperties": false,
            },
        });
        if let Some((example, schema)) = self.example {
            info["output"] = json!({ "type": self.output_type(), "example": example });
            let schema = schema.cloned().unwrap_or_else(|| json!({}));
            members["output"] = json!({
                "type": "object",
                "properties": { "type": { "type": "string" }, "example": schema },
                "required": ["type"],
            });
        }
        let schema =
            json!({ "$schema": DRAFT, "type": "object", "properties": members, "required": ["input"] });
        let mut value = json!({ "info": info, "schema": schema });
        if let Some(template) = self.route_template {
            value["routeTemplate"] = json!(template);
        }
        Extension::new(KEY, in_ascii(&value.to_string()))
    }

    /// The same for version 1: the `outputSchema` of each entry.
    pub fn output_schema(&self) -> String {
        let mut input = json!({ "type": "http", "method": self.method, "discoverable": true });
        if !self.query.is_empty() {
            input["queryParams"] = examples(self.query);
        }
        if let Some(body) = self.body() {
            input["bodyType"] = json!(body.body_type.as_str());
            input["bodyFields"] = body.example.clone();
        }
        let mut schema = json!({ "input": input });
        if let Some((example, _)) = self.example {
            schema["output"] = example.clone();
        }
        in_ascii(&schema.to_string())
    }

    fn body(&self) -> Option<&RequestBody> {
        self.body.filter(|_| matches!(self.method, "POST" | "PUT" | "PATCH"))
    }

    fn output_type(&self) -> &str {
        let json = self.mime_type == "application/json" || self.mime_type.ends_with("+json");
        if json { "json" } else { self.mime_type }
    }
}

fn examples(parameters: &[Parameter<'_>]) -> Value {
    let with_example = parameters
        .iter()
        .filter_map(|parameter| Some((parameter.name.to_owned(), parameter.example.clone()?)));
    Value::Object(with_example.collect())
}

fn schema(parameters: &[Parameter<'_>]) -> Value {
    let properties: Map<_, _> =
        parameters.iter().map(|parameter| (parameter.name.to_owned(), parameter.schema.clone())).collect();
    let required: Vec<_> =
        parameters.iter().filter(|parameter| parameter.required).map(|parameter| parameter.name).collect();
    let mut schema = json!({ "type": "object", "properties": properties });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}
