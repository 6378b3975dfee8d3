namespace Strata.Generator.Operators;

/// <summary>An argument of a layer or a loss: its value, and what messages call it.</summary>
/// <param name="Name">Its name in the declaration. It is empty where code makes the definition; messages then use the name in C#.</param>
/// <param name="IsSet">Whether it was written. If not, the value is the default.</param>
internal readonly record struct Argument<T>(T Value, string Name = "", bool IsSet = true)
{
    public static implicit operator Argument<T>(T value) => new(value);
}
