"""The store's schema through time (Alembic); run when a store is opened."""
