using TelemetryHub.Core.Events;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Tests.Log;

/// <summary>What a tail promises, said in the plainest way: the model that <see cref="Tail"/> is compared with.</summary>
internal sealed class NaiveTail(TailOptions bounds)
{
    private readonly List<Event> _all = [];
    private int _dropped;
    private int _routed;

    public long Oldest => _dropped + 1;

    public long Next => _all.Count + 1;

    public AppendResult Append(Event @event)
    {
        var unrouted = _all[_routed..];
        if (unrouted.Count == bounds.MaxEvents || unrouted.Sum(waiting => waiting.SizeBytes) >= bounds.MaxBytes)
            return AppendResult.Full;
        _all.Add(@event);
        while (IsOverBounds && _dropped < _routed)
            _dropped++;
        return AppendResult.Appended;
    }

    public long Route(int count)
    {
        _routed = Math.Clamp(_routed + count, _routed, _all.Count);
        return _routed + 1;
    }

    public IEnumerable<Event> Read(long from, int atMost) =>
        from < Oldest || from >= Next ? [] : _all.Skip((int)from - 1).Take(atMost);

    private bool IsOverBounds => _all.Count - _dropped > bounds.MaxEvents || _all[_dropped..].Sum(kept => kept.SizeBytes) > bounds.MaxBytes;
}
