using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Broker.Recovery;

/// <summary>
/// The routes that a session's deliveries came by, each once. There are hardly ever more than a few; what no delivery uses any more is
/// forgotten when the table grows, so that a client that changes its subscriptions again and again costs nothing.
/// </summary>
internal sealed class RouteTable
{
    private const int FirstSweep = 16;

    private readonly List<(RouteImage? Route, int Uses)> _entries = [];
    private readonly Stack<int> _free = new();
    private readonly Dictionary<byte[], int> _byBytes = new(Utf8Comparer.Instance);
    private int _sweepAt = FirstSweep;
    private int _last;

    public RouteImage this[int index] => _entries[index].Route!;

    /// <summary>The index of the route with these bytes, which is used once more.</summary>
    public int Use(ReadOnlySpan<byte> encoded)
    {
        if (_last >= _entries.Count || _entries[_last].Route is not { } last || !encoded.SequenceEqual(last.Encoded))
            _last = Find(encoded);
        _entries[_last] = _entries[_last] with { Uses = _entries[_last].Uses + 1 };
        return _last;
    }

    /// <summary>It is used once less.</summary>
    public void Release(int index) => _entries[index] = _entries[index] with { Uses = _entries[index].Uses - 1 };

    private int Find(ReadOnlySpan<byte> encoded)
    {
        if (_byBytes.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(encoded, out var index))
            return index;
        var route = RouteImage.Read(encoded);
        if (_byBytes.Count >= _sweepAt)
            Sweep();
        if (!_free.TryPop(out index))
        {
            index = _entries.Count;
            _entries.Add(default);
        }
        _entries[index] = (route, 0);
        _byBytes.Add(route.Encoded, index);
        return index;
    }

    private void Sweep()
    {
        for (var i = 0; i < _entries.Count; i++)
        {
            if (_entries[i] is not ({ } route, 0))
                continue;
            _byBytes.Remove(route.Encoded);
            _entries[i] = default;
            _free.Push(i);
        }
        _sweepAt = Math.Max(FirstSweep, _byBytes.Count * 2);
    }
}
