using Microsoft.Playwright;
using TelemetryHub.EndToEnd.Tests.Programs;

[assembly: AssemblyFixture(typeof(TelemetryHub.EndToEnd.Tests.Feeds.Browsers.Chromium))]

namespace TelemetryHub.EndToEnd.Tests.Feeds.Browsers;

/// <summary>Debian's Chromium, driven by Playwright: one for all tests, started by the first that needs it. Nothing is downloaded.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox", // in a container there is often no other way, and all pages are our own
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ];

    private readonly Lazy<Task<(IPlaywright Playwright, IBrowser Browser)>> started = new(StartAsync);

    /// <summary>A window of its own, with its own cookies and connections. It takes any certificate.</summary>
    public async Task<IBrowserContext> OpenAsync()
    {
        var (_, browser) = await Patience.For(started.Value, "Chromium");
        var window = await browser.NewContextAsync(new BrowserNewContextOptions { IgnoreHTTPSErrors = true });
        window.SetDefaultTimeout((float)Patience.Limit.TotalMilliseconds);
        return window;
    }

    public async ValueTask DisposeAsync()
    {
        if (!started.IsValueCreated) return;
        var (playwright, browser) = await started.Value;
        await browser.CloseAsync();
        playwright.Dispose();
    }

    private static async Task<(IPlaywright, IBrowser)> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        var options = new BrowserTypeLaunchOptions { ExecutablePath = InstalledPrograms.Find("chromium"), Headless = true, Args = Arguments };
        return (playwright, await playwright.Chromium.LaunchAsync(options));
    }
}
