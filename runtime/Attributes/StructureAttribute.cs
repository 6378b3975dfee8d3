using System;

namespace Strata;

/// <summary>Says how the layers around it are connected, and computes nothing itself.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public abstract class StructureAttribute : Attribute
{
    private protected StructureAttribute()
    {
    }
}
