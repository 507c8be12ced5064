using TelemetryHub.Core.Feeds.Json;

namespace TelemetryHub.Core.Feeds.Queries;

/// <summary>One question about one field: <c>temp &gt; 30</c>.</summary>
internal sealed record FieldTest(int Node, FieldCheck Check, Literal[] Literals)
{
    /// <summary>The answer for a field that is there; one that is not there never passes.</summary>
    public bool Holds(JsonScalar value)
    {
        switch (Check)
        {
            case FieldCheck.Exists:
                return true;
            case FieldCheck.IsTrue:
                return value.Kind is not (JsonKind.False or JsonKind.Null);
            case FieldCheck.IsNotNull:
                return value.Kind != JsonKind.Null;
            case FieldCheck.OneOf:
                return IsOneOf(value);
            default:
                return Literals[0].TryOrder(value, out var order) && Fits(order);
        }
    }

    private bool Fits(int order) => Check switch
    {
        FieldCheck.Equal => order == 0,
        FieldCheck.NotEqual => order != 0,
        FieldCheck.Less => order < 0,
        FieldCheck.LessOrEqual => order <= 0,
        FieldCheck.Greater => order > 0,
        _ => order >= 0,
    };

    private bool IsOneOf(JsonScalar value)
    {
        foreach (var literal in Literals)
        {
            if (literal.TryOrder(value, out var order) && order == 0)
                return true;
        }
        return false;
    }
}
