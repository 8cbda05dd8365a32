//! Variants, through which weights are changed.

use amplitude_experiment_management::models::{Variant, VariantCreate, VariantUpdate};

use super::{reached, reached_item};
use crate::call::{Call, Reply};
use crate::refusal::Refusal;
use crate::state::{Item, Kind, State, Stored};

const KEY: &str = "variantKey";

pub(super) fn list(state: &State, call: &Call, kind: Kind) -> Result<Reply, Refusal> {
    let item = reached_item(state, call, kind)?;
    let variants: Vec<Variant> = item.variants.iter().map(|own| item.shown(own)).collect();
    Reply::json(&variants)
}

pub(super) fn get(state: &State, call: &Call, kind: Kind) -> Result<Reply, Refusal> {
    let item = reached_item(state, call, kind)?;
    Reply::json(&item.shown(item.variant(call.segment(KEY))?))
}

pub(super) fn create(state: &mut State, call: &Call, kind: Kind) -> Result<Reply, Refusal> {
    let id = reached(state, call, kind)?;
    let body: VariantCreate = call.body()?;
    state.edit(kind, id, call.now, |_, item| {
        check_free(item, &body.key)?;
        if let Some(weight) = body.rollout_weight {
            item.config.rollout_weights.insert(body.key.clone(), weight as f64);
        }
        item.variants.push(Stored {
            key: body.key,
            name: body.name,
            description: body.description,
            payload: body.payload.into_value(),
            ..Stored::default()
        });
        Ok(())
    })?;
    Ok(Reply::Ok)
}

pub(super) fn update(state: &mut State, call: &Call, kind: Kind) -> Result<Reply, Refusal> {
    let id = reached(state, call, kind)?;
    let key = call.segment(KEY);
    let body: VariantUpdate = call.body()?;
    state.edit(kind, id, call.now, |_, item| {
        item.variant(key)?;
        if let Some(weight) = body.rollout_weight {
            item.config.rollout_weights.insert(key.to_owned(), weight as f64);
        }
        let renamed = body.key.filter(|new| new != key);
        if let Some(new) = &renamed {
            check_free(item, new)?;
            item.rename(key, new);
        }
        let variant = item.variant_mut(key)?;
        variant.name = body.name.or(variant.name.take());
        variant.description = body.description.or(variant.description.take());
        variant.payload = body.payload.into_value().or(variant.payload.take());
        variant.key = renamed.unwrap_or_else(|| key.to_owned());
        Ok(())
    })?;
    Ok(Reply::Ok)
}

pub(super) fn delete(state: &mut State, call: &Call, kind: Kind) -> Result<Reply, Refusal> {
    let id = reached(state, call, kind)?;
    let key = call.segment(KEY);
    state.edit(kind, id, call.now, |_, item| {
        item.variant(key)?;
        item.forget(key);
        Ok(())
    })?;
    Ok(Reply::Ok)
}

fn check_free(item: &Item, key: &str) -> Result<(), Refusal> {
    match item.variant(key) {
        Ok(_) => Err(Refusal::bad(format!("key: there is a variant `{key}` already"))),
        Err(_) => Ok(()),
    }
}
