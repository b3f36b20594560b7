//! The application's own people, as axum-login knows them.

use std::{
    convert::Infallible,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum_login::{AuthUser, AuthnBackend};
use entra_sso::users::{User, UserId};

/// Somebody who works here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Employee {
    /// The application's own key.
    pub number: u32,
    /// First and last name.
    pub name: String,
    /// The user of `entra-sso`. That one is known by tenant id and object id, so that this one is, too.
    pub user: UserId,
    /// Whoever has left stays on the list, so that nobody else gets his number.
    pub has_left: bool,
}

/// The list of employees. Cloning it shares the list.
#[derive(Clone, Debug, Default)]
pub struct Staff {
    employees: Arc<Mutex<Vec<Employee>>>,
}

impl Staff {
    /// Nobody works here yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The employee who is this user; a new one is entered.
    #[must_use]
    pub fn employee(&self, user: &User) -> Employee {
        let mut employees = self.lock();
        if let Some(known) = employees.iter().find(|employee| employee.user == user.id) {
            return known.clone();
        }
        let number = u32::try_from(employees.len()).unwrap_or(u32::MAX).saturating_add(1);
        let new = Employee { number, name: user.full_name(), user: user.id.clone(), has_left: false };
        employees.push(new.clone());
        new
    }

    /// The employee with this number.
    #[must_use]
    pub fn number(&self, number: u32) -> Option<Employee> {
        self.lock().iter().find(|employee| employee.number == number).cloned()
    }

    /// Somebody leaves.
    pub fn dismiss(&self, number: u32) {
        self.lock()
            .iter_mut()
            .filter(|employee| employee.number == number)
            .for_each(|employee| employee.has_left = true);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Employee>> {
        self.employees.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl AuthUser for Employee {
    type Id = u32;

    fn id(&self) -> u32 {
        self.number
    }

    /// A session of axum-login ends when this changes; here it never does.
    fn session_auth_hash(&self) -> &[u8] {
        self.user.as_str().as_bytes()
    }
}

impl AuthnBackend for Staff {
    type User = Employee;
    /// Nobody proves himself to axum-login: Microsoft has judged already, and [`in_step`](crate::in_step) hands him over.
    type Credentials = Infallible;
    type Error = Infallible;

    async fn authenticate(&self, never: Infallible) -> Result<Option<Employee>, Infallible> {
        match never {}
    }

    async fn get_user(&self, number: &u32) -> Result<Option<Employee>, Infallible> {
        Ok(self.number(*number).filter(|employee| !employee.has_left))
    }
}
