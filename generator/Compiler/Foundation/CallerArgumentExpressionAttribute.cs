namespace System.Runtime.CompilerServices;

/// <summary>The text of an argument, which the compiler gives to another parameter; netstandard2.0 lacks it.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
internal sealed class CallerArgumentExpressionAttribute(string parameterName) : Attribute
{
    public string ParameterName { get; } = parameterName;
}
