//! The hottest pure functions of stream-app. Python is the reference: what it says is right, and where this says None
//! the reference is asked.
#![deny(unsafe_code)]

mod sign;
mod words;

use pyo3::prelude::*;
use pyo3::types::PyBytes;
use std::collections::HashMap;

type Parts<'py> = (
    Bound<'py, PyBytes>,
    bool,
    bool,
    Bound<'py, PyBytes>,
    Bound<'py, PyBytes>,
    Bound<'py, PyBytes>,
    Bound<'py, PyBytes>,
    Bound<'py, PyBytes>,
    Bound<'py, PyBytes>,
    Bound<'py, PyBytes>,
    Bound<'py, PyBytes>,
    String,
);

/// Makes the parts of signatures, by the reference's own tables.
#[pyclass]
struct Signer {
    tables: words::Tables,
    told_by: Py<PyAny>,
}

#[pymethods]
impl Signer {
    /// `told_by` says of a word whether it tells of harm (1) or doubt (2).
    #[new]
    fn new(
        classes: Vec<u8>,
        lower: Vec<u64>,
        base: u64,
        harm_begins: Vec<u8>,
        number_words: HashMap<u64, u64>,
        told_by: Py<PyAny>,
    ) -> Self {
        let mut may_be_number = vec![false; harm_begins.len()];
        for &hash in number_words.keys() {
            may_be_number[words::Tables::top(hash)] = true;
        }
        let known = HashMap::new();
        let tables = words::Tables { classes, lower, base, harm_begins, number_words, may_be_number, known };
        Self { tables, told_by }
    }

    /// The parts of the signature of a plain title and a plain text, None where only the reference knows them.
    fn seal<'py>(&mut self, py: Python<'py>, title: &str, text: &str) -> PyResult<Option<Parts<'py>>> {
        let told_by = &self.told_by;
        let ask = |word: &str| -> PyResult<u8> { told_by.call1(py, (word,))?.extract(py) };
        let Some(found) = self.tables.read(&format!("{title}\n{text}"), ask)? else { return Ok(None) };
        Ok(sign::sealed(&found).map(|s| {
            let bytes = |part: &[u8]| PyBytes::new(py, part);
            (
                bytes(&s.hashes),
                s.one_case,
                s.title_harm,
                bytes(&s.keys),
                bytes(&s.body),
                bytes(&s.names),
                bytes(&s.lines),
                bytes(&s.title),
                bytes(&s.title_numbers),
                bytes(&s.places),
                bytes(&s.harm),
                s.texts,
            )
        }))
    }
}

#[pymodule]
fn stream_app_native(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add("SIGNS", 3)?; // the version of signatures that `seal` makes: another one is left to the reference
    m.add_class::<Signer>()?;
    Ok(())
}
