//! Arrow Flight's Rust client against a server: `hangar-rust-client HOST PORT` prints a line of JSON a check.

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, Int64Array, RecordBatch, StringArray};
use arrow_flight::encode::{DictionaryHandling, FlightDataEncoderBuilder};
use arrow_flight::error::FlightError;
use arrow_flight::{Action, FlightClient, FlightDescriptor};
use arrow_select::concat::concat_batches;
use futures::TryStreamExt;
use tonic::Code;
use tonic::transport::Channel;

type Check = Result<(), Box<dyn std::error::Error>>;

const NAME: &str = "rust";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let address = format!("http://{}:{}", arguments[1], arguments[2]);
    // No limit is set: messages above tonic's own limit of 4 MiB are refused.
    let mut client = FlightClient::new(Channel::from_shared(address)?.connect().await?);
    report("put and get", put_and_get(&mut client).await);
    report("list", list(&mut client).await);
    report("info and schema", info_and_schema(&mut client).await);
    report("drop", drop_dataset(&mut client).await);
    report("error of a missing dataset", missing(&mut client).await);
    report("gets above 4 MiB", large(&mut client).await);
    report("dictionaries by Hydrate", dictionaries(&mut client, DictionaryHandling::Hydrate).await);
    report("dictionaries by Resend", dictionaries(&mut client, DictionaryHandling::Resend).await);
    Ok(())
}

fn report(check: &str, result: Check) {
    let error = result.err().map_or(String::new(), |error| error.to_string());
    println!("{}", serde_json::json!({ "check": check, "error": error }));
}

async fn put_and_get(client: &mut FlightClient) -> Check {
    put(client, NAME, vec![sample()?], DictionaryHandling::Hydrate).await?;
    assert_same(&get(client, NAME).await?, &sample()?)
}

async fn list(client: &mut FlightClient) -> Check {
    let flights: Vec<_> = client.list_flights("").await?.try_collect().await?;
    let names: Vec<_> = flights.into_iter().filter_map(|info| info.flight_descriptor).map(|it| it.path).collect();
    ensure(names.contains(&vec![NAME.to_string()]), format!("{names:?}"))
}

async fn info_and_schema(client: &mut FlightClient) -> Check {
    let info = client.get_flight_info(path(NAME)).await?;
    ensure(info.total_records == 3, format!("{} records", info.total_records))?;
    let schema = client.get_schema(path(NAME)).await?;
    ensure(info.try_decode_schema()?.fields() == schema.fields(), "the schemas differ".into())?;
    ensure(schema.fields() == sample()?.schema().fields(), format!("{schema:?}"))
}

async fn drop_dataset(client: &mut FlightClient) -> Check {
    let results: Result<Vec<_>, _> =
        client.do_action(Action::new("drop_dataset", NAME.as_bytes().to_vec())).await?.try_collect().await;
    results?;
    expect_not_found(client.get_flight_info(path(NAME)).await.err())
}

async fn missing(client: &mut FlightClient) -> Check {
    expect_not_found(client.get_schema(path("nowhere")).await.err())
}

/// Puts 40 MB in one batch, which the encoder divides, and gets it in messages that tonic takes.
async fn large(client: &mut FlightClient) -> Check {
    let numbers: ArrayRef = Arc::new(Int64Array::from_iter_values(0..5_000_000));
    let batch = RecordBatch::try_from_iter([("n", numbers)])?;
    put(client, "rust-large", vec![batch.clone()], DictionaryHandling::Hydrate).await?;
    assert_same(&get(client, "rust-large").await?, &batch)
}

/// Two batches with dictionaries of their own: Hydrate sends strings, Resend a new dictionary before the second.
async fn dictionaries(client: &mut FlightClient, handling: DictionaryHandling) -> Check {
    let name = format!("rust-{handling:?}").to_lowercase();
    let words = [vec!["red", "green", "red"], vec!["blue", "red"]];
    let batches = words.iter().map(|words| {
        let column: ArrayRef = Arc::new(words.iter().copied().collect::<DictionaryArray<Int32Type>>());
        RecordBatch::try_from_iter([("colour", column)])
    });
    put(client, &name, batches.collect::<Result<Vec<_>, _>>()?, handling).await?;
    let got = get(client, &name).await?;
    let strings = strings_of(got.column(0))?;
    let expected = StringArray::from(words.concat());
    ensure(strings == expected, format!("{strings:?}"))
}

fn strings_of(column: &ArrayRef) -> Result<StringArray, Box<dyn std::error::Error>> {
    if let Some(strings) = column.as_any().downcast_ref::<StringArray>() {
        return Ok(strings.clone());
    }
    let dictionary = column.as_any().downcast_ref::<DictionaryArray<Int32Type>>().ok_or("neither strings nor a dictionary")?;
    let values = dictionary.downcast_dict::<StringArray>().ok_or("the dictionary has no strings")?;
    Ok(values.into_iter().collect())
}

fn sample() -> Result<RecordBatch, arrow_schema::ArrowError> {
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![Some(1), None, Some(3)]));
    let words: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), Some("ß"), None]));
    RecordBatch::try_from_iter_with_nullable([("n", numbers, true), ("s", words, true)])
}

fn path(name: &str) -> FlightDescriptor {
    FlightDescriptor::new_path(vec![name.to_string()])
}

async fn put(client: &mut FlightClient, name: &str, batches: Vec<RecordBatch>, handling: DictionaryHandling) -> Check {
    let frames = FlightDataEncoderBuilder::new()
        .with_flight_descriptor(Some(path(name)))
        .with_dictionary_handling(handling)
        .build(futures::stream::iter(batches.into_iter().map(Ok)));
    let results: Result<Vec<_>, _> = client.do_put(frames).await?.try_collect().await;
    results?;
    Ok(())
}

async fn get(client: &mut FlightClient, name: &str) -> Result<RecordBatch, Box<dyn std::error::Error>> {
    let info = client.get_flight_info(path(name)).await?;
    let ticket = info.endpoint[0].ticket.clone().ok_or("the endpoint has no ticket")?;
    let batches: Vec<RecordBatch> = client.do_get(ticket).await?.try_collect().await?;
    Ok(concat_batches(&batches[0].schema(), &batches)?)
}

fn assert_same(actual: &RecordBatch, expected: &RecordBatch) -> Check {
    let is_same = actual.schema().fields() == expected.schema().fields() && actual.columns() == expected.columns();
    ensure(is_same, format!("{} rows of {:?} differ", actual.num_rows(), actual.schema()))
}

fn expect_not_found(error: Option<FlightError>) -> Check {
    match error {
        Some(FlightError::Tonic(status)) if status.code() == Code::NotFound => Ok(()),
        other => Err(format!("not NotFound, but {other:?}").into()),
    }
}

fn ensure(holds: bool, otherwise: String) -> Check {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}
