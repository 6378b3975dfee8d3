using System;

namespace Strata;

/// <summary>The base class of attributes that connect layers and compute nothing themselves.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
public abstract class StructureAttribute : Attribute
{
    private protected StructureAttribute()
    {
    }
}
