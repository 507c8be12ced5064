using Microsoft.Playwright;
using TelemetryHub.EndToEnd.Tests.Programs;

namespace TelemetryHub.EndToEnd.Tests.Feeds.Browsers;

/// <summary>A page that tells the test what it sees, line by line.</summary>
internal sealed class Tab
{
    // What pages of this suite have at hand: everything they notice is told with the name of its source.
    private const string Script = """
        window.listen = (name, url, options) => {
          const source = new EventSource(url, options);
          source.onopen = () => tell(`${name} open`);
          source.onerror = () => tell(`${name} error ${source.readyState === EventSource.CLOSED ? 'closed' : 'connecting'}`);
          source.onmessage = event => tell(`${name} message ${JSON.stringify(JSON.parse(event.data).payload)}`);
          for (const type of ['gap', 'reset', 'snapshot-end', 'bye'])
            source.addEventListener(type, event => tell(`${name} ${type} ${event.data}`));
        }
        window.talk = (name, url, protocol) => {
          const socket = new WebSocket(url, protocol);
          socket.onopen = () => tell(`${name} open ${socket.protocol}`);
          socket.onclose = event => tell(`${name} closed ${event.code}`);
          socket.onmessage = event => event.data.trimEnd().split('\n').forEach(line => tell(`${name} ${line}`));
          window[name] = socket;
        }
        """;

    private readonly IPage page;

    private Tab(IPage page) => this.page = page;

    /// <summary>What it has told.</summary>
    public LineLog Told { get; } = new();

    /// <summary>Opens it at an address, whose origin is then its own.</summary>
    public static async Task<Tab> OpenAsync(IBrowserContext window, Uri address)
    {
        var tab = new Tab(await window.NewPageAsync());
        await tab.page.ExposeFunctionAsync<string>("tell", tab.Told.Add);
        await tab.page.AddInitScriptAsync(Script);
        await tab.page.GotoAsync(address.ToString());
        return tab;
    }

    /// <summary>Opens an EventSource, and waits until it is open.</summary>
    public async Task ListenAsync(string name, string url, bool withCredentials = false)
    {
        await BeginToListenAsync(name, url, withCredentials);
        await ToldAsync($"{name} open");
    }

    /// <summary>Opens an EventSource.</summary>
    public Task BeginToListenAsync(string name, string url, bool withCredentials = false) =>
        page.EvaluateAsync("([name, url, withCredentials]) => listen(name, url, { withCredentials })", new object[] { name, url, withCredentials });

    /// <summary>Runs an expression and answers with its value as text.</summary>
    public Task<string> RunAsync(string expression) => page.EvaluateAsync<string>(expression);

    /// <summary>The first line with this beginning.</summary>
    public async Task<string> ToldAsync(string beginning) => (await ToldAsync(beginning, 1))[0];

    /// <summary>The first so many lines with this beginning.</summary>
    public Task<IReadOnlyList<string>> ToldAsync(string beginning, int count) =>
        Patience.For(Told.FirstAsync(count, line => line.StartsWith(beginning, StringComparison.Ordinal)), $"{count} × '{beginning}…' in a page");

    /// <summary>The payloads that this source has seen by now.</summary>
    public IEnumerable<string> Messages(string name) =>
        Told.Lines.Where(line => line.StartsWith($"{name} message ", StringComparison.Ordinal)).Select(line => line[$"{name} message ".Length..]);
}
