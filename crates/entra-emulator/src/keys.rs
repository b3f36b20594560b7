//! Signing keys: made once per process, published, rotated, retired.

mod jwks;
mod jwt;
mod material;
mod signer;
mod verify;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::authority::Segment;
use crate::cloud::Cloud;
use crate::directory::App;
use crate::error::EmulatorError;
use crate::guarded::Guarded;
use crate::version::Version;

use self::material::{Holder, Material, pooled};

pub(crate) use self::signer::{Signer, app_key};

/// The emulator's signing keys and the lists in which they are published.
///
/// Emulators of one process start with the same keys: making one takes long. Do not test with two emulators that a
/// key of the one is refused by the other; use [`crate::Fault::UnknownKey`].
#[derive(Debug)]
pub struct Keys {
    cloud: Cloud,
    lists: Guarded<Lists>,
}

#[derive(Debug)]
struct Lists {
    older: Vec<Arc<Material>>,
    signing: Arc<Material>,
    next: Arc<Material>,
    /// The index of the next new key of work accounts.
    unused: usize,
    customers: Turn,
    flapping: bool,
    /// Fetches of each list since flapping began.
    fetches: BTreeMap<String, usize>,
}

/// Which keys of External ID and of user flows count now, by their index in the pool: they are made when somebody asks.
#[derive(Copy, Clone, Debug, Default)]
struct Turn {
    oldest: usize,
    signing: usize,
}

impl Keys {
    pub(crate) fn new(cloud: Cloud) -> Result<Self, EmulatorError> {
        let holder = work_holder(cloud);
        let key = |holder, index| pooled(holder, index).map_err(EmulatorError::Keys);
        let lists = Lists {
            older: Vec::new(),
            signing: key(holder, 0)?,
            next: key(holder, 1)?,
            unused: 2,
            customers: Turn::default(),
            flapping: false,
            fetches: BTreeMap::new(),
        };
        if cloud.has_personal_accounts() {
            key(Holder::Personal, 0)?;
            key(Holder::Government, 0)?;
        }
        Ok(Self { cloud, lists: Guarded::new(lists) })
    }

    /// The next key signs from now on. It was in the list before, the old one stays in it, and a new next key appears.
    pub fn rotate(&self) {
        self.lists.with(|lists| {
            let next = lists.new_key(self.cloud);
            let signing = std::mem::replace(&mut lists.next, next);
            let old = std::mem::replace(&mut lists.signing, signing);
            lists.older.push(old);
            lists.customers.signing += 1;
        });
    }

    /// A key that was in no list before signs from now on, and every older key is gone from the lists.
    pub fn replace(&self) {
        self.lists.with(|lists| {
            lists.signing = lists.new_key(self.cloud);
            lists.next = lists.new_key(self.cloud);
            lists.older.clear();
            // The one after the signing key was in the list already.
            let signing = lists.customers.signing + 2;
            lists.customers = Turn { oldest: signing, signing };
        });
    }

    /// Takes the keys that signed before the last [`Keys::rotate`] out of the lists.
    pub fn retire(&self) {
        self.lists.with(|lists| {
            lists.older.clear();
            lists.customers.oldest = lists.customers.signing;
        });
    }

    /// From now on the signing key is missing in the next fetch of each list, there in the one after, and so on.
    pub fn flap(&self) {
        self.lists.with(|lists| {
            lists.flapping = true;
            lists.fetches.clear();
        });
    }

    /// Ends [`Keys::flap`].
    pub fn steady(&self) {
        self.lists.with(|lists| lists.flapping = false);
    }

    /// The id of the key that signs tokens of work and school accounts.
    #[must_use]
    pub fn signing_kid(&self) -> String {
        self.lists.with(|lists| lists.signing.kid.clone())
    }

    /// The ids in the list that `common` serves, as a fetch shows them without flapping.
    #[must_use]
    pub fn kids(&self) -> Vec<String> {
        self.lists
            .with(|lists| lists.of(self.cloud, &Segment::Common))
            .into_iter()
            .map(|(key, _)| key.kid.clone())
            .collect()
    }

    /// The list of an application that has its own key: that key alone.
    pub(crate) fn of_app(&self, segment: &Segment, app: &App, version: Version) -> serde_json::Value {
        jwks::document(self.cloud, version, segment, &[(self.key(Signer::App(app_key(app))), work_holder(self.cloud))])
    }

    /// The key list of a tenant segment, as the next fetch shows it.
    pub(crate) fn fetch(&self, segment: &Segment, version: Version) -> serde_json::Value {
        let keys = self.lists.with(|lists| {
            let mut keys = lists.of(self.cloud, segment);
            if lists.flapping {
                let fetches = lists.fetches.entry(version.path(segment.path(), "keys")).or_default();
                *fetches += 1;
                if *fetches % 2 == 1 {
                    let signing = match customers(segment) {
                        Some(holder) => made(holder, lists.customers.signing).kid.clone(),
                        None => lists.signing.kid.clone(),
                    };
                    keys.retain(|(key, _)| key.kid != signing);
                }
            }
            keys
        });
        match segment {
            Segment::Flow(_) => jwks::user_flow(&keys),
            _ => jwks::document(self.cloud, version, segment, &keys),
        }
    }

    fn key(&self, signer: Signer) -> Arc<Material> {
        let of_customers = |holder| made(holder, self.lists.with(|lists| lists.customers.signing));
        match signer {
            Signer::Work => self.lists.with(|lists| Arc::clone(&lists.signing)),
            Signer::App(index) => made(Holder::Work, index),
            Signer::Personal => made(Holder::Personal, 0),
            Signer::Government => made(Holder::Government, 0),
            Signer::Workload => made(Holder::Workload, 0),
            Signer::Customers => of_customers(Holder::Customers),
            Signer::UserFlows => of_customers(Holder::UserFlows),
            Signer::Unknown => made(Holder::Work, usize::MAX),
        }
    }
}

impl Lists {
    fn new_key(&mut self, cloud: Cloud) -> Arc<Material> {
        let index = self.unused;
        self.unused += 1;
        made(work_holder(cloud), index)
    }

    /// The keys of one list. The list of an External ID tenant has more than others, which sign its tokens; user flows
    /// have a list of their own. The list for work accounts of any tenant has no key of personal accounts; the US
    /// Government cloud's key stands in every list of the public cloud.
    fn of(&self, cloud: Cloud, segment: &Segment) -> Vec<(Arc<Material>, Holder)> {
        let own = customers(segment).map_or_else(Vec::new, |holder| self.of_customers(holder));
        if segment.flow().is_some() {
            return own;
        }
        let work = self.older.iter().chain([&self.signing, &self.next]);
        let mut keys: Vec<_> = work.map(|key| (Arc::clone(key), work_holder(cloud))).collect();
        let mut add = |holder| keys.extend(pooled(holder, 0).map(|key| (key, holder)));
        if cloud.has_personal_accounts() {
            add(Holder::Government);
            if *segment != Segment::Organizations {
                add(Holder::Personal);
            }
        }
        keys.extend(own);
        keys
    }

    /// Those that signed, the one that signs, and the one that will.
    fn of_customers(&self, holder: Holder) -> Vec<(Arc<Material>, Holder)> {
        let Turn { oldest, signing } = self.customers;
        (oldest..=signing + 1).map(|index| (made(holder, index), holder)).collect()
    }
}

/// Whose keys sign for customers here.
const fn customers(segment: &Segment) -> Option<Holder> {
    match segment {
        Segment::External(_) => Some(Holder::Customers),
        Segment::Flow(_) => Some(Holder::UserFlows),
        Segment::Common | Segment::Organizations | Segment::Consumers | Segment::Tenant(_) => None,
    }
}

fn made(holder: Holder, index: usize) -> Arc<Material> {
    pooled(holder, index).expect("a machine that made keys at the start makes more")
}

const fn work_holder(cloud: Cloud) -> Holder {
    match cloud {
        Cloud::UsGovernment => Holder::Government,
        Cloud::Public | Cloud::China | Cloud::Bleu | Cloud::Delos | Cloud::GovSg => Holder::Work,
    }
}
