namespace System.Runtime.CompilerServices;

/// <summary>What C# records and init accessors need and netstandard2.0 lacks.</summary>
internal static class IsExternalInit;
