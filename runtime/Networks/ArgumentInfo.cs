using System.ComponentModel;

namespace Strata;

/// <summary>An argument of a layer, and its value.</summary>
/// <param name="Name">The name of the attribute's parameter or property: <c>filters</c>, <c>Groups</c>.</param>
/// <param name="Value">
/// An <see cref="int"/>, a <see cref="double"/>, a <see cref="bool"/>, a <see cref="string"/>, a value of an enum such as
/// <see cref="PaddingMode"/>, or an array of <see cref="double"/>.
/// </param>
[method: EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ArgumentInfo(string Name, object Value)
{
    /// <summary>The description as text, the same in every culture.</summary>
    public override string ToString() => InvariantText.Format(nameof(ArgumentInfo), PrintMembers);
}
