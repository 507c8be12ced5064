using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.Browser.Tests.Browsers;

/// <summary>
/// A tab of a browser. Scripts in it write down what happens (<c>tab.js</c>), and the tests wait for that without asking again and again.
/// </summary>
public sealed class Tab
{
    private readonly ConcurrentQueue<string> errors = [];
    private readonly ConcurrentQueue<string> requests = [];

    public Tab(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !IsAboutIcon(message)) errors.Enqueue($"{message.Text} {message.Location}");
        };
        page.PageError += (_, error) => errors.Enqueue(error);
        page.Request += (_, request) => requests.Enqueue(request.Url);
    }

    public IPage Page { get; }

    /// <summary>What its console complained about.</summary>
    public IEnumerable<string> Errors => errors;

    /// <summary>The addresses that it asked for.</summary>
    public IEnumerable<string> Requests => requests;

    /// <summary>Runs a script.</summary>
    public Task RunAsync(string script) => Patience.For(Page.EvaluateAsync($"async () => {{ {script} }}"), script);

    /// <summary>The value of an expression, awaited when it is a promise.</summary>
    public async Task<T> AskAsync<T>(string expression)
    {
        var json = await Patience.For(Page.EvaluateAsync<string>($"async () => JSON.stringify(await ({expression}))"), expression);
        return JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web)!;
    }

    /// <summary>Waits until it is true of what was written down.</summary>
    public Task UntilAsync(string condition) => Patience.For(Page.EvaluateAsync($"() => tab.until(() => {condition}).then(() => 0)"), condition);

    /// <summary>Opens an EventSource, and waits until it is open. What it gets is written down under its name.</summary>
    public async Task ListenAsync(string name, string address)
    {
        await RunAsync($"tab.listen('{name}', '{address}')");
        await UntilAsync($"tab.of('{name}', 'open').length > 0");
    }

    /// <summary>Waits until that name has so many events.</summary>
    public Task UntilAsync(string name, int events) => UntilAsync($"tab.of('{name}', 'message').length >= {events}");

    /// <summary>Lets the tab's timers run as if so much time had passed. Chromium does not wait for them meanwhile, only for the network.</summary>
    public async Task LetTimePassAsync(TimeSpan time)
    {
        var session = await Page.Context.NewCDPSessionAsync(Page);
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        session.Event("Emulation.virtualTimeBudgetExpired").OnEvent += (_, _) => over.TrySetResult();
        await session.SendAsync("Emulation.setVirtualTimePolicy", new() { ["policy"] = "pauseIfNetworkFetchesPending", ["budget"] = time.TotalMilliseconds });
        await Patience.For(over.Task, $"{time} of the tab's time");
    }

    /// <summary>What was written down under the name, of one type or of all.</summary>
    public Task<List<Note>> NotesAsync(string name, string? type = null) => AskAsync<List<Note>>($"tab.of('{name}', {(type is null ? "undefined" : $"'{type}'")})");

    // What a browser asks for by itself when a page names no icon.
    private static bool IsAboutIcon(IConsoleMessage message) => message.Location.Contains("/favicon.ico", StringComparison.Ordinal);
}
