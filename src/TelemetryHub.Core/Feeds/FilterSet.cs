using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Feeds;

/// <summary>The filters of a feed: never empty, none twice, in one order, so that the same filters are the same feed however they were written.</summary>
public sealed class FilterSet : IEquatable<FilterSet>
{
    private readonly TopicFilter[] _filters;

    /// <summary>Takes filters of which none is shared.</summary>
    public FilterSet(IEnumerable<TopicFilter> filters)
    {
        _filters = [.. filters.Distinct().OrderBy(filter => filter.ToString(), StringComparer.Ordinal)];
        if (_filters.Length == 0 || _filters.Any(filter => filter.IsEmpty || filter.IsShared))
            throw new ArgumentException("A feed needs filters, and none that is shared.", nameof(filters));
    }

    /// <summary>Each filter once.</summary>
    public ReadOnlySpan<TopicFilter> Filters => _filters;

    /// <summary>Does any of them match?</summary>
    public bool Matches(TopicName topic)
    {
        foreach (var filter in _filters)
        {
            if (filter.Matches(topic))
                return true;
        }
        return false;
    }

    /// <inheritdoc/>
    public bool Equals(FilterSet? other) => other is not null && _filters.AsSpan().SequenceEqual(other._filters);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as FilterSet);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var filter in _filters)
            hash.Add(filter);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", _filters);
}
