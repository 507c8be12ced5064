using Microsoft.Playwright;

namespace TelemetryHub.Browser.Tests.Browsers;

/// <summary>A window with tabs: what they share (cookies, connections) is theirs alone.</summary>
public sealed class Window : IAsyncDisposable
{
    private Window(IBrowserContext context) => Context = context;

    public IBrowserContext Context { get; }

    /// <summary>Gives every tab of it what is in the scripts beside this file.</summary>
    public static async Task<Window> OpenAsync(IBrowserContext context)
    {
        foreach (var name in new[] { "cbor.js", "tab.js" })
        {
            using var script = new StreamReader(typeof(Window).Assembly.GetManifestResourceStream(name)!);
            await context.AddInitScriptAsync(await script.ReadToEndAsync(TestContext.Current.CancellationToken));
        }

        return new Window(context);
    }

    /// <summary>A tab that shows this page.</summary>
    public async Task<Tab> OpenTabAsync(Uri page)
    {
        var tab = await OpenTabAsync();
        await tab.Page.GotoAsync(page.ToString());
        return tab;
    }

    /// <summary>A tab with a page of the hub's own origin on which there is no script.</summary>
    public Task<Tab> OpenBlankTabAsync(Uri hub) => OpenTabAsync(new Uri(hub, "health/live"));

    /// <summary>A tab that shows nothing yet.</summary>
    public async Task<Tab> OpenTabAsync() => new(await Context.NewPageAsync());

    public ValueTask DisposeAsync() => Context.DisposeAsync();
}
