//! What can be typed behind `entra-sso users`.

use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use entra_sso::users::UserFilter;

#[derive(Debug, Args)]
pub(crate) struct UsersArguments {
    /// A path or URL of an SQLite file, or the URL of a PostgreSQL database. Without it the setting `database_url`
    /// (`MICROSOFT_SSO_DATABASE_URL`, or `…_FILE`), where a password is not seen by other processes.
    #[arg(long, global = true, value_name = "PATH|URL")]
    pub(super) database: Option<String>,
    /// Works on the database of the demo too, whose users the local Microsoft made up.
    #[arg(long, global = true)]
    pub(super) demo_database: bool,
    #[command(subcommand)]
    pub(super) command: UsersCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UsersCommand {
    /// Prepares a user who has not signed in yet.
    Add(AddArguments),
    /// Lists users by username, page by page.
    List(ListArguments),
    /// Shows one user.
    Show(ShowArguments),
    /// Makes a user staff or superuser.
    Promote(PermissionArguments),
    /// Takes from a user what `promote`, the admin or the application gave. What a list or a role gives comes back at the next
    /// sign-in: change the setting, or the role at Microsoft.
    Demote(PermissionArguments),
    /// Lets a user sign in again.
    Activate(Who),
    /// Keeps a user from signing in, and ends his sessions within the application's `user_check_interval`.
    Deactivate(Who),
    /// Deletes a user for ever. Who is only to be kept out is deactivated: a deleted user may come again as a new one.
    Delete(DeleteArguments),
}

#[derive(Debug, Args)]
pub(crate) struct Who {
    /// An id or a username.
    #[arg(value_name = "ID|USERNAME")]
    pub(super) user: String,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("who").required(true).args(["account", "upn"]))]
pub(crate) struct AddArguments {
    /// The account that signs him in: the tenant's id and the user's object id.
    #[arg(long, value_name = "TENANT/OBJECT-ID")]
    pub(super) account: Option<String>,
    /// The user principal name with which a member of the application's own tenant becomes this user, once.
    #[arg(long, value_name = "NAME@DOMAIN")]
    pub(super) upn: Option<String>,
    /// His e-mail address.
    #[arg(long, value_name = "ADDRESS")]
    pub(super) email: Option<String>,
    /// His first name.
    #[arg(long, value_name = "NAME", default_value = "")]
    pub(super) first_name: String,
    /// His last name.
    #[arg(long, value_name = "NAME", default_value = "")]
    pub(super) last_name: String,
    /// Makes him staff, who may enter the admin.
    #[arg(long)]
    pub(super) staff: bool,
    /// Makes him superuser, who may do everything.
    #[arg(long)]
    pub(super) superuser: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// Only whose username, address, first or last name begins with this, without case.
    #[arg(long, value_name = "TEXT")]
    pub(super) search: Option<String>,
    /// Only these.
    #[arg(long, value_enum, value_name = "WHO")]
    pub(super) only: Option<Only>,
    /// How many, at most 500.
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=500))]
    pub(super) limit: u32,
    /// Only who comes after this username: the page before names it.
    #[arg(long, value_name = "USERNAME")]
    pub(super) after: Option<String>,
    /// Prints one JSON object instead of text.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Only {
    /// Staff and superusers.
    Staff,
    /// Superusers.
    Superusers,
    /// Who cannot sign in.
    Inactive,
    /// Who was prepared and has not come yet.
    WithoutAccount,
}

#[derive(Debug, Args)]
pub(crate) struct ShowArguments {
    #[command(flatten)]
    pub(super) who: Who,
    /// Prints one JSON object instead of text.
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).multiple(true).args(["staff", "superuser"]))]
pub(crate) struct PermissionArguments {
    #[command(flatten)]
    pub(super) who: Who,
    /// Staff, who may enter the admin.
    #[arg(long)]
    pub(super) staff: bool,
    /// Superuser, who may do everything. The last active one stays one.
    #[arg(long)]
    pub(super) superuser: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DeleteArguments {
    #[command(flatten)]
    pub(super) who: Who,
    /// Yes, delete him.
    #[arg(long)]
    pub(super) yes: bool,
}

impl From<Only> for UserFilter {
    fn from(only: Only) -> UserFilter {
        match only {
            Only::Staff => UserFilter::Staff,
            Only::Superusers => UserFilter::Superusers,
            Only::Inactive => UserFilter::Inactive,
            Only::WithoutAccount => UserFilter::WithoutAccount,
        }
    }
}
