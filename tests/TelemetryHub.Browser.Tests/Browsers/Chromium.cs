using Microsoft.Playwright;
using TelemetryHub.Browser.Tests.Browsers;
using TelemetryHub.EndToEnd.Tests.Programs;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace TelemetryHub.Browser.Tests.Browsers;

/// <summary>Debian's Chromium, one for all tests: each opens windows of its own, which share nothing, connections included.</summary>
public sealed class Chromium : IAsyncLifetime
{
    // As root there is no sandbox, in a container little /dev/shm. Nothing but the hub is talked to.
    private static readonly string[] Flags =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--disable-dev-shm-usage",
    ];

    private IPlaywright? playwright;
    private IBrowser? browser;

    public async ValueTask InitializeAsync()
    {
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = InstalledPrograms.Find("chromium"),
            Headless = true,
            Args = Flags,
            Timeout = (float)Patience.Limit.TotalMilliseconds,
        });
    }

    /// <summary>A window without cookies, cache or connections. It believes every certificate.</summary>
    public async Task<Window> OpenWindowAsync()
    {
        var context = await browser!.NewContextAsync(new() { IgnoreHTTPSErrors = true });
        context.SetDefaultTimeout((float)Patience.Limit.TotalMilliseconds);
        return await Window.OpenAsync(context);
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
    }
}
