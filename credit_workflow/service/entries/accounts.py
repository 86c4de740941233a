"""What there is to ask about accounts and passwords."""

from credit_workflow.service.use_case import ANYBODY, MACHINE, Permission, Trace, UseCase, Way, granted

ENTRIES: tuple[UseCase, ...] = (
    UseCase(
        name="init",
        request="setup.CreateDatabase",
        run="create_database",
        permission=MACHINE,
        way=Way.ALONE,
        trace=Trace.CHANGE,
    ),
    UseCase(
        name="login",
        request="accounts.SignIn",
        run="sign_in",
        permission=ANYBODY,
        way=Way.ALONE,
        trace=Trace.CHANGE,
    ),
    UseCase(name="logout", request="accounts.SignOut", run="sign_out", permission=ANYBODY, way=Way.ALONE),
    UseCase(
        name="passwd",
        request="accounts.ChangePassword",
        run="change_password",
        permission=Permission("account", any_password=True, signed_in=True),
        way=Way.ALONE,
        trace=Trace.CHANGE,
    ),
    UseCase(
        name="whoami",
        request="accounts.WhoAmI",
        run="who_am_i",
        permission=Permission("account", any_password=True),
    ),
    UseCase(name="standing", request="accounts.ShowStanding", run="show_standing", permission=ANYBODY),
    UseCase(
        name="account.list",
        request="accounts.ListAccounts",
        run="list_accounts",
        permission=granted("list_accounts"),
    ),
    UseCase(
        name="account.reset_password",
        request="accounts.ResetPassword",
        run="reset_password",
        permission=Permission("rules", signed_in=True),
        way=Way.ALONE,
        trace=Trace.CHANGE,
    ),
)
