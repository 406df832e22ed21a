use std::path::Path;

use crate::site::Site;

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
#[tokio::test]
async fn files_of_the_shop_are_its_users_alone() {
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("books/shop.db");
    let mut site = Site::open_with(|config| {
        config.database_url = format!("sqlite://{}", database.display());
    })
    .await;
    site.browser().add("low-a4-mat", "1").await;
    let data = site.config.data_dir.clone();
    let wal = folder.path().join("books/shop.db-wal");
    let shm = folder.path().join("books/shop.db-shm");
    for file in [&database, &wal, &shm, &data.join("sandbox.db")] {
        assert_eq!(mode(file), 0o600, "{}", file.display());
    }
    for made in [data.as_path(), database.parent().unwrap()] {
        assert_eq!(mode(made), 0o700, "{}", made.display());
    }
    site.stop().await.unwrap();

    // As an older version left them.
    let wide = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    wide(&database, 0o644);
    wide(database.parent().unwrap(), 0o755);
    site.start().await;
    assert_eq!(mode(&database), 0o600);
    assert_eq!(mode(&wal), 0o600);
    assert_eq!(
        mode(database.parent().unwrap()),
        0o755,
        "it may hold others' things"
    );
}
