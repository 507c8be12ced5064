using System.Collections;
using System.Net;
using System.Runtime.CompilerServices;

namespace TelemetryHub.Server.Configuration;

/// <summary>Addresses to listen on: <c>address:port</c>, <c>;</c> between several, port 0 = any free one.</summary>
[CollectionBuilder(typeof(ListenList), nameof(Create))]
public sealed class ListenList : IReadOnlyList<IPEndPoint>
{
    private readonly IPEndPoint[] _endpoints;

    private ListenList(IPEndPoint[] endpoints) => _endpoints = endpoints;

    /// <inheritdoc/>
    public int Count => _endpoints.Length;

    /// <inheritdoc/>
    public IPEndPoint this[int index] => _endpoints[index];

    /// <summary>A list of these endpoints.</summary>
    public static ListenList Create(ReadOnlySpan<IPEndPoint> endpoints) => new(endpoints.ToArray());

    /// <summary>One port of 127.0.0.1.</summary>
    public static ListenList Loopback(int port) => [new IPEndPoint(IPAddress.Loopback, port)];

    /// <inheritdoc/>
    public IEnumerator<IPEndPoint> GetEnumerator() => ((IEnumerable<IPEndPoint>)_endpoints).GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => string.Join(';', (IEnumerable<IPEndPoint>)_endpoints);

    IEnumerator IEnumerable.GetEnumerator() => _endpoints.GetEnumerator();
}
