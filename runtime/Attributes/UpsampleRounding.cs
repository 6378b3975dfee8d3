namespace Strata;

/// <summary>Which element is the nearest to a place between two of them (ONNX's <c>nearest_mode</c>).</summary>
public enum UpsampleRounding
{
    /// <summary>The one before it.</summary>
    Floor,

    /// <summary>The one behind it.</summary>
    Ceil,

    /// <summary>The nearer one; halfway, the one before it.</summary>
    RoundPreferFloor,

    /// <summary>The nearer one; halfway, the one behind it.</summary>
    RoundPreferCeil,
}
