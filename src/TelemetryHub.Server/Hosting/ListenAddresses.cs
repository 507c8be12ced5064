using System.Net;

namespace TelemetryHub.Server.Hosting;

/// <summary>
/// Where the hub can be reached, with the real ports. Each part adds its own as it starts; the process prints them when all have.
/// Thread-safe.
/// </summary>
public sealed class ListenAddresses
{
    private readonly Lock _lock = new(); // guards _entries
    private readonly List<(string Name, Func<string> Address)> _entries = [];

    /// <summary>Name and address of every listener.</summary>
    public IReadOnlyList<(string Name, string Address)> All
    {
        get
        {
            lock (_lock)
                return [.. _entries.Select(entry => (entry.Name, entry.Address()))];
        }
    }

    /// <summary>Adds a listener that is bound already.</summary>
    /// <param name="name">What is spoken there: <c>mqtt</c>, <c>mqtts</c>, <c>http</c>.</param>
    /// <param name="endpoint">The bound end point: its port is the real one.</param>
    public void Add(string name, EndPoint endpoint) => Add(name, () => endpoint.ToString()!);

    /// <summary>Adds a listener that somebody else binds later; it is asked for its address when the hub is ready.</summary>
    public void Add(string name, Func<string> address)
    {
        lock (_lock)
            _entries.Add((name, address));
    }
}
